// One serving process: listens, and on SIGTERM ends what it is answering before it exits.
import { createServer } from 'node:http';
import { handle } from './app.js';
import { pool } from './database.js';

const KEEP_ALIVE_MS = 65_000; // longer than the 60 s of the usual load balancer
const GRACE_MS = 12_000; // longer than the slowest route may take

export function serve() {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, handle);
  server.listen(Number(process.env.PORT ?? 3000), process.env.HOST ?? '127.0.0.1');

  const stop = () => {
    if (!server.listening) return;
    // Closes idle connections now; `send` tells the others to close after their answer.
    server.close(async () => {
      await pool.end();
      process.exit(0);
    });
    setTimeout(() => server.closeAllConnections(), GRACE_MS).unref();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
