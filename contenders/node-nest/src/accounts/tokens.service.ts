import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import type { NextFunction, Request, Response } from 'express';
import { z } from 'zod';

declare global {
  namespace Express {
    interface Request {
      /** The user whom a valid token names. */
      user?: string;
    }
  }
}

const claimsSchema = z.object({ sub: z.string().min(1), exp: z.number() });

@Injectable()
export class TokensService {
  constructor(private readonly jwt: JwtService) {}

  issue(username: string): Promise<string> {
    return this.jwt.signAsync({ sub: username });
  }

  /**
   * Middleware before routing, so that the access log knows the user of a request that no route takes as well.
   * `TokenGuard` refuses those without one.
   */
  readonly identify = async (req: Request, _res: Response, next: NextFunction): Promise<void> => {
    req.user = await this.subjectOf(req.headers.authorization);
    next();
  };

  private async subjectOf(authorization = ''): Promise<string | undefined> {
    const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    if (token === undefined) return undefined;
    try {
      return claimsSchema.parse(await this.jwt.verifyAsync(token)).sub;
    } catch {
      return undefined;
    }
  }
}
