// The access log: one JSON line for each response. pino collects lines and writes them together, after half a second at
// the latest.
import pino from 'pino';

export const accessLog = {
  name: 'access-log',
  register(server) {
    const log = pino(
      { base: undefined, timestamp: pino.stdTimeFunctions.isoTime },
      pino.destination({ dest: process.env.ACCESS_LOG, sync: false, minLength: 4_096, periodicFlush: 500 }),
    );

    server.events.on('response', ({ method, info, auth, raw: { req, res } }) => {
      if (!res.headersSent) return; // the client left before, or a WebSocket has taken the connection over
      log.info({
        method: method.toUpperCase(),
        path: req.url.split('?', 1)[0],
        status: res.statusCode,
        duration_ms: info.completed - info.received,
        user: auth.isAuthenticated ? auth.credentials.sub : null,
      });
    });

    server.ext('onPostStop', () => new Promise((resolve) => log.flush(resolve)));
  },
};
