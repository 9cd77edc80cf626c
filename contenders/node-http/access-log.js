// The access log: one JSON line for each response. pino collects lines and writes them together, after half a second at
// the latest.
import pino from 'pino';

const accessLog = pino(
  { base: undefined, timestamp: pino.stdTimeFunctions.isoTime },
  pino.destination({ dest: process.env.ACCESS_LOG, sync: false, minLength: 4_096, periodicFlush: 500 }),
);

/** Writes the line of `res` when it has ended; `visit.user` may become known until then. */
export function logResponse(req, res, visit) {
  const start = performance.now();
  res.once('close', () => {
    if (!res.headersSent) return; // the client left before there was a response
    const duration = performance.now() - start;
    accessLog.info({
      method: req.method,
      path: visit.path,
      status: res.statusCode,
      duration_ms: Math.round(duration * 100) / 100,
      user: visit.user,
    });
  });
}

/** Resolves when the lines are written that were waiting. */
export function flushAccessLog() {
  return new Promise((resolve) => accessLog.flush(resolve));
}
