// Errors as problem documents, RFC 9457.
import { STATUS_CODES } from 'node:http';
import createError from 'http-errors';
import { log } from './log.js';

export function notFound(_req, _res, next) {
  next(createError(404));
}

// A client that leaves while it sends or receives is no error of ours.
const CLIENT_LEFT = ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'];

// Express knows an error handler by its four parameters.
export function handleError(error, _req, res, next) {
  if (res.destroyed && CLIENT_LEFT.includes(error.code)) return;
  if (res.headersSent) return next(error);
  const { status, detail, errors, headers = {} } = describe(error);
  if (status === 500) log.error(error);
  res
    .status(status)
    .set(headers)
    .type('application/problem+json')
    .json({ type: 'about:blank', title: STATUS_CODES[status], status, detail, errors });
}

function describe(error) {
  // A path with a broken escape, as in `/items/%ZZ`, names nothing.
  if (error instanceof URIError) return { status: 404 };
  // `expose` is set on what createError and body-parser throw when its message is for the client.
  if (error.expose) {
    const { status, message: detail, errors, headers } = error;
    return { status, detail, errors, headers };
  }
  return { status: 500 };
}
