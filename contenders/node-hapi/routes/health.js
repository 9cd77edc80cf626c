import Boom from '@hapi/boom';

export const health = {
  name: 'health',
  register(server) {
    server.route({
      method: 'GET',
      path: '/health',
      options: { auth: false },
      async handler(request) {
        try {
          await server.pool.query({ text: 'SELECT 1', query_timeout: 2_000 });
        } catch (error) {
          request.log('health', error);
          throw Boom.serverUnavailable('the database does not answer');
        }
        return { status: 'ok' };
      },
    });
  },
};
