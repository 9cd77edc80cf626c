import { fileURLToPath } from 'node:url';
import postgres from '@fastify/postgres';
import sensible from '@fastify/sensible';
import view from '@fastify/view';
import { Eta } from 'eta';
import Fastify from 'fastify';
import { addDigitsKeyword } from './digits.js';
import database from './plugins/database.js';
import drain from './plugins/drain.js';
import problems, { answerFrameworkError } from './plugins/problems.js';
import sockets from './plugins/sockets.js';
import health from './routes/health.js';
import items from './routes/items.js';
import login from './routes/login.js';
import many from './routes/many.js';
import page from './routes/page.js';
import socket from './routes/socket.js';
import streams from './routes/streams.js';
import work from './routes/work.js';

export function buildApp() {
  const app = Fastify({
    logger: { level: 'error', stream: process.stderr },
    bodyLimit: 65_536,
    // Unknown fields are ignored, these two included.
    onProtoPoisoning: 'remove',
    onConstructorPoisoning: 'remove',
    return503OnClosing: false,
    frameworkErrors: answerFrameworkError,
    ajv: {
      // "12" is no number, and every wrong field is named. The body limit bounds what that can cost.
      customOptions: { coerceTypes: false, allErrors: true },
      onCreate: addDigitsKeyword,
    },
  });

  app.removeContentTypeParser('text/plain'); // bodies are JSON and nothing else

  app.register(sensible);
  app.register(problems);
  app.register(drain);
  app.register(postgres, {
    connectionString: process.env.DATABASE_URL,
    max: Number(process.env.DATABASE_POOL ?? 10),
    connectionTimeoutMillis: 10_000,
  });
  app.register(database);
  app.register(sockets);
  app.register(view, { engine: { eta: new Eta() }, root: fileURLToPath(new URL('views', import.meta.url)) });

  app.register(health);
  app.register(items, { prefix: '/items' });
  app.register(page);
  app.register(login);
  app.register(work);
  app.register(streams);
  app.register(socket);
  app.register(many);
  return app;
}
