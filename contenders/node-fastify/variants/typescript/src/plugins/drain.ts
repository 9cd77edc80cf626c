// Stopping without losing what is being answered. Fastify closes idle connections and tells the clients of requests
// that come while it stops; this tells those of requests that were being answered, and closes what is left then.
import type { ServerResponse } from 'node:http';
import fp from 'fastify-plugin';

const GRACE_MS = 12_000; // longer than the slowest route may take

export default fp(async function drain(app) {
  const answering = new Set<ServerResponse>();
  let stopping = false;

  app.server.on('request', (_request, response) => {
    answering.add(response);
    response.once('close', () => {
      answering.delete(response);
      if (stopping) closeIfDone();
    });
  });

  function closeIfDone(): void {
    if (answering.size === 0) app.server.closeAllConnections();
  }

  app.addHook('preClose', async () => {
    stopping = true;
    for (const response of answering) {
      if (!response.headersSent) response.setHeader('connection', 'close');
    }
    closeIfDone();
    setTimeout(() => app.server.closeAllConnections(), GRACE_MS).unref();
  });
});
