import { Injectable } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import type { NextFunction, Request, Response } from 'express';
import { pino } from 'pino';
import type { Logger } from 'pino';
import type { Environment } from '../environment.js';

/**
 * The access log: one line of JSON for each response, in a file of its own. pino collects lines and writes them together,
 * after half a second at the latest.
 */
@Injectable()
export class AccessLogService {
  private readonly log: Logger;

  constructor(config: ConfigService<Environment, true>) {
    const dest = config.get('ACCESS_LOG', { infer: true });
    this.log = pino(
      { base: null, timestamp: pino.stdTimeFunctions.isoTime },
      pino.destination({ dest, sync: false, minLength: 4_096, periodicFlush: 500 }),
    );
  }

  /** Writes the line of a request when its response has ended. */
  readonly middleware = (req: Request, res: Response, next: NextFunction): void => {
    const start = performance.now();
    res.once('close', () => {
      if (!res.headersSent) return; // the client left before it got a response
      this.log.info({
        method: req.method,
        path: req.originalUrl.split('?', 1)[0],
        status: res.statusCode,
        duration_ms: Math.round((performance.now() - start) * 100) / 100,
        user: req.user ?? null,
      });
    });
    next();
  };
}
