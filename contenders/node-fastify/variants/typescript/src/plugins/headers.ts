import helmet from '@fastify/helmet';
import fp from 'fastify-plugin';

export default fp(
  async function headers(app) {
    await app.register(helmet);
  },
  { name: 'headers' },
);
