import { object } from '../schemas.js';

const schema = { response: { 200: object({ status: { type: 'string' } }) } };

export default async function health(app) {
  app.get('/health', { schema, config: { public: true } }, async (request) => {
    try {
      await app.pg.query({ text: 'SELECT 1', query_timeout: 2_000 });
    } catch (error) {
      request.log.error(error);
      throw app.httpErrors.serviceUnavailable('the database does not answer');
    }
    return { status: 'ok' };
  });
}
