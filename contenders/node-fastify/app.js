import { join } from 'node:path';
import autoload from '@fastify/autoload';
import Fastify from 'fastify';
import { addDigitsKeyword } from './digits.js';
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
    ajv: {
      // "12" is no number, and every wrong field is named. The body limit bounds what that can cost.
      customOptions: { coerceTypes: false, allErrors: true },
      onCreate: addDigitsKeyword,
    },
  });

  app.removeContentTypeParser('text/plain'); // bodies are JSON and nothing else

  app.register(autoload, { dir: join(import.meta.dirname, 'plugins') });
  app.register(autoload, { dir: join(import.meta.dirname, 'routes') });
  return app;
}
