// One serving process: listens, and on SIGTERM ends what it is answering before it exits.
import { createServer } from 'node:http';
import { app } from './app.js';
import { pool } from './database.js';

const KEEP_ALIVE_MS = 65_000; // longer than the 60 s of the usual load balancer
const GRACE_MS = 12_000; // longer than the slowest route may take

export function serve() {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, app);
  const answering = new Set();

  // Before Express sees the request: while stopping, an answer is the last on its connection.
  server.prependListener('request', (_req, res) => {
    if (!server.listening) res.setHeader('Connection', 'close');
    answering.add(res);
    res.once('close', () => answering.delete(res));
  });
  server.listen(Number(process.env.PORT ?? 3000), process.env.HOST ?? '127.0.0.1');

  const stop = () => {
    if (!server.listening) return;
    // Closes idle connections now, and the others after the answer they wait for.
    server.close(async () => {
      await pool.end();
      process.exit(0);
    });
    for (const res of answering) {
      if (!res.headersSent) res.setHeader('Connection', 'close');
    }
    setTimeout(() => server.closeAllConnections(), GRACE_MS).unref();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
