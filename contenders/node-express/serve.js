// One serving process.
import { createServer } from 'node:http';
import { flushAccessLog } from './access-log.js';
import { app } from './app.js';
import { pool } from './database.js';
import { drainable } from './drain.js';
import { closeSockets } from './sockets.js';
import { threads } from './threads.js';
import { acceptUpgrades } from './upgrades.js';

const KEEP_ALIVE_MS = 65_000; // longer than the 60 s of the usual load balancer

export function serve() {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, app);
  acceptUpgrades(server, app);
  const drain = drainable(server);
  server.listen(Number(process.env.PORT ?? 3000), process.env.HOST ?? '127.0.0.1');

  const stop = async () => {
    if (!server.listening) return;
    await Promise.all([drain(), closeSockets()]);
    await Promise.all([pool.end(), threads.destroy(), flushAccessLog()]);
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
