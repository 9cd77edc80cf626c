import type { NextFunction, Request, Response } from 'express';

const PATH = /^[^?]*/;
const UNRESERVED = /%(?:2[DE]|3\d|[46][1-9A-F]|[57][\dA]|5F|7E)/gi;

/**
 * Middleware for paths with escapes that nobody needs. `/%6Ason` is `/json` [RFC 3986, 6.2.2.2], but Express decodes
 * parameters only, and compares the rest of a path as it was sent. Other escapes, an encoded slash above all, stay.
 */
export function unescapePath(req: Request, _res: Response, next: NextFunction): void {
  if (req.url.includes('%')) {
    req.url = req.url.replace(PATH, (path) => path.replace(UNRESERVED, (escape) => decodeURIComponent(escape)));
  }
  next();
}
