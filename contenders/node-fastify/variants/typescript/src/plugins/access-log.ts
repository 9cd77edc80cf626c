// The access log: one JSON line for each response. It is a pino of its own beside `app.log`, as its file holds nothing
// else; it collects lines and writes them together, after half a second at the latest.
import fp from 'fastify-plugin';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pino } from 'pino';

export default fp(async function accessLog(app) {
  const log = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: process.env.ACCESS_LOG, sync: false, minLength: 4_096, periodicFlush: 500 }),
  );

  function write(request: FastifyRequest, reply: FastifyReply): void {
    log.info({
      method: request.method,
      path: request.originalUrl.split('?', 1)[0],
      status: reply.statusCode,
      duration_ms: Math.round(reply.elapsedTime * 100) / 100,
      user: request.user?.sub ?? null,
    });
  }

  app.decorate('logResponse', write);
  app.addHook('onResponse', async (request, reply) => write(request, reply));
  app.addHook('onClose', () => new Promise<void>((resolve) => log.flush(() => resolve())));
});
