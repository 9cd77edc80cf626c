// What an application has outside of its modules; the tests set theirs up by the same function.
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import helmet from 'helmet';
import { TokensService } from './accounts/tokens.service.js';
import { AccessLogService } from './http/access-log.service.js';
import { RoutedWsAdapter } from './sockets/routed-ws.adapter.js';
import { unescapePath } from './http/unescape-path.js';

export function configure(app: NestExpressApplication): void {
  app.use(unescapePath);
  // Bound to no path, so they also see a request whose path does not decode and which Express refuses.
  app.use(app.get(AccessLogService).middleware);
  app.use(helmet());
  app.use(app.get(TokensService).identify);

  app.setBaseViewsDir(join(import.meta.dirname, '..', 'views'));
  app.setViewEngine('hbs');
  app.setLocal('layout', false); // without it hbs looks for a layout's file at each page
  app.useWebSocketAdapter(new RoutedWsAdapter(app));
}
