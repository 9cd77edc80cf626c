// The access log: one JSON line for each response. pino collects lines and writes them together, after half a second at
// the latest.
import pino from 'pino';
import { pinoHttp } from 'pino-http';

const logger = pino(
  { base: undefined, timestamp: pino.stdTimeFunctions.isoTime },
  pino.destination({ dest: process.env.ACCESS_LOG, sync: false, minLength: 4_096, periodicFlush: 500 }),
);

function line(req, res, { responseTime }) {
  return {
    method: req.method,
    path: req.originalUrl.split('?', 1)[0],
    status: res.statusCode,
    duration_ms: responseTime,
    user: req.user?.sub ?? null,
  };
}

/** The middleware. Its lines are `line` and no more: no message, and nothing else of request and response. */
export const accessLog = pinoHttp({
  logger,
  customLogLevel: (_req, res) => (res.headersSent ? 'info' : 'silent'), // silent where the client left before
  customSuccessObject: line,
  customSuccessMessage: () => undefined,
  customErrorObject: (req, res, _error, values) => line(req, res, values),
  customErrorMessage: () => undefined,
  quietResLogger: true,
  wrapSerializers: false,
  serializers: { req: () => undefined },
});

/** Resolves when the lines are written that were waiting. */
export function flushAccessLog() {
  return new Promise((resolve) => logger.flush(resolve));
}
