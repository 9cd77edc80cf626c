import { Injectable, MethodNotAllowedException } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { RequestHandler } from 'express';

/** What this needs of Express: the routes that it has, and one more for every method of a path. */
interface Routes {
  router: { stack: { route?: { path: unknown; methods: Record<string, boolean> } }[] };
  all(path: string, handler: RequestHandler): void;
}

/** Answers the methods that no controller serves on a path: OPTIONS with those that are served, all others with 405. */
@Injectable()
export class MethodsService implements OnModuleInit {
  constructor(private readonly host: HttpAdapterHost) {}

  // Nest has registered the controllers by now, and registers its answer to unknown paths after this hook.
  onModuleInit(): void {
    const app = this.host.httpAdapter.getInstance<Routes>();
    for (const [path, methods] of this.served(app)) {
      const allow = [...methods, 'OPTIONS'].sort().join(', ');
      app.all(path, (req, res) => {
        res.set('Allow', allow);
        if (req.method !== 'OPTIONS') throw new MethodNotAllowedException();
        res.sendStatus(204);
      });
    }
  }

  private served({ router }: Routes): Map<string, Set<string>> {
    const served = new Map<string, Set<string>>();
    for (const { route } of router.stack) {
      if (typeof route?.path !== 'string') continue;
      const path = route.path.replace(/(?<=.)\/$/, '');
      const methods = served.get(path) ?? new Set();
      for (const method of Object.keys(route.methods)) methods.add(method.toUpperCase());
      if (methods.has('GET')) methods.add('HEAD'); // Express answers HEAD by the handler of GET
      served.set(path, methods);
    }
    return served;
  }
}
