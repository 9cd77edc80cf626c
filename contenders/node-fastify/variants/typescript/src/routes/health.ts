import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { object } from '../schemas.ts';

const PING = { text: 'SELECT 1', query_timeout: 2_000 };
const schema = { response: { 200: object({ status: Type.String() }) } };

const health: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/health', { schema, config: { public: true } }, async (request) => {
    try {
      await app.pg.query(PING);
    } catch (error) {
      request.log.error(error);
      throw app.httpErrors.serviceUnavailable('the database does not answer');
    }
    return { status: 'ok' };
  });
};

export default health;
