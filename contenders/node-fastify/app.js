import { join } from 'node:path';
import autoload from '@fastify/autoload';
import Fastify from 'fastify';
import { ajv } from './ajv.js';
import { log } from './log.js';
import { answerFrameworkError } from './plugins/problems.js';

export function buildApp() {
  const app = Fastify({
    loggerInstance: log,
    bodyLimit: 65_536,
    // Unknown fields are ignored, these two included.
    onProtoPoisoning: 'remove',
    onConstructorPoisoning: 'remove',
    return503OnClosing: false,
    frameworkErrors: answerFrameworkError,
    ajv,
  });

  app.removeContentTypeParser('text/plain'); // bodies are JSON and nothing else

  app.register(autoload, { dir: join(import.meta.dirname, 'plugins') });
  app.register(autoload, { dir: join(import.meta.dirname, 'routes') });
  return app;
}
