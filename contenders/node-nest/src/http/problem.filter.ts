import { STATUS_CODES } from 'node:http';
import { Catch, HttpException, Injectable, Logger } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import { InvalidFieldsException } from './validation.js';

interface Problem {
  status: number;
  detail?: string;
  errors?: { field: string; message: string }[];
}

/** Errors as problem documents, RFC 9457. */
@Catch()
@Injectable()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const res = host.switchToHttp().getResponse<Response>();
    if (res.destroyed) return; // the client has left
    if (res.headersSent) {
      res.destroy(); // so that the client does not take a part for the whole
      return;
    }
    const { status, detail, errors } = describe(error);
    if (status >= 500) this.logger.error(error);
    if (status === 401) res.set('WWW-Authenticate', 'Bearer');
    res
      .status(status)
      .type('application/problem+json')
      .json({ type: 'about:blank', title: STATUS_CODES[status], status, detail, errors });
  }
}

function describe(error: unknown): Problem {
  if (error instanceof InvalidFieldsException) return { status: 422, detail: error.message, errors: error.errors };
  if (error instanceof HttpException) return { status: error.getStatus(), detail: error.message };
  // What Express and its body parser throw.
  if (error instanceof Error && 'status' in error && typeof error.status === 'number' && error.status < 500) {
    return { status: error.status, detail: error.message };
  }
  return { status: 500 };
}
