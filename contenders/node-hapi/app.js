import { fileURLToPath } from 'node:url';
import Hapi from '@hapi/hapi';
import Vision from '@hapi/vision';
import Handlebars from 'handlebars';
import { accessLog } from './plugins/access-log.js';
import { auth } from './plugins/auth.js';
import { database } from './plugins/database.js';
import { methods } from './plugins/methods.js';
import { problems } from './plugins/problems.js';
import { sockets } from './plugins/sockets.js';
import { threads } from './plugins/threads.js';
import { health } from './routes/health.js';
import { items } from './routes/items.js';
import { login } from './routes/login.js';
import { many } from './routes/many.js';
import { orders } from './routes/orders.js';
import { page } from './routes/page.js';
import { streams } from './routes/streams.js';
import { work } from './routes/work.js';
import { options, refuse } from './validation.js';

const KEEP_ALIVE_MS = 65_000; // longer than the 60 s of the usual load balancer

const FLOWING = { compressible: false }; // a compressor would take the length, and hold events back

export async function buildServer() {
  const server = Hapi.server({
    port: process.env.PORT ?? 3000,
    host: process.env.HOST ?? '127.0.0.1',
    debug: false, // for development only; plugins/problems.js logs errors
    mime: { override: { 'application/octet-stream': FLOWING, 'text/event-stream': FLOWING } },
    routes: {
      payload: { allow: 'application/json', maxBytes: 65_536, protoAction: 'remove' },
      security: { referrer: 'no-referrer' }, // and hapi's defaults for the other headers
      validate: { options, failAction: refuse },
    },
  });
  server.listener.keepAliveTimeout = KEEP_ALIVE_MS;

  await server.register([accessLog, problems, auth, Vision, database, threads, methods, sockets]);
  server.views({
    engines: { html: Handlebars },
    relativeTo: fileURLToPath(new URL('.', import.meta.url)),
    path: 'templates',
  });
  await server.register([health, items, login, orders, page, work, streams, many]);
  return server;
}
