import { join } from 'node:path';
import view from '@fastify/view';
import { Eta } from 'eta';
import fp from 'fastify-plugin';

export default fp(async function views(app) {
  await app.register(view, { engine: { eta: new Eta() }, root: join(import.meta.dirname, '..', 'views') });
});
