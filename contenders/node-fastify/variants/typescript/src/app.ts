import { join } from 'node:path';
import autoload from '@fastify/autoload';
import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { addDigitsKeyword } from './digits.ts';
import { log } from './log.ts';
import { answerFrameworkError } from './plugins/problems.ts';

export function buildApp(): FastifyInstance {
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

  app.register(autoload, { dir: join(import.meta.dirname, 'plugins'), forceESM: true });
  app.register(autoload, { dir: join(import.meta.dirname, 'routes'), forceESM: true });
  return app;
}
