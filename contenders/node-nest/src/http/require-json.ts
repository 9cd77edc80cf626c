import { BadRequestException, UnsupportedMediaTypeException } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';

/** Middleware before the body parser, which takes a body of another media type, and none at all, for no body. */
export function requireJson(req: Request, _res: Response, next: NextFunction): void {
  const type = req.is('json');
  if (type === false) throw new UnsupportedMediaTypeException();
  if (type === null || req.get('Content-Length') === '0') throw new BadRequestException('the body is empty');
  next();
}
