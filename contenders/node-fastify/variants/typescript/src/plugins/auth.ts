// Bearer tokens. Every route asks for one that does not say `config: { public: true }`.
import jwt from '@fastify/jwt';
import fp from 'fastify-plugin';

const { TOKEN_KEY } = process.env;

export default fp(
  async function auth(app) {
    if (!TOKEN_KEY) throw new Error('TOKEN_KEY is not set');
    await app.register(jwt, {
      secret: TOKEN_KEY,
      sign: { algorithm: 'HS256', expiresIn: '1h' },
      // A required claim is looked for where there is a rule for its value: `sub` may be any text.
      verify: { algorithms: ['HS256'], requiredClaims: ['exp', 'sub'], allowedSub: /./ },
    });

    app.addHook('onRequest', async (request, reply) => {
      if (request.is404 || request.routeOptions.config.public) return;
      try {
        await request.jwtVerify();
      } catch {
        reply.header('www-authenticate', 'Bearer');
        throw app.httpErrors.unauthorized('a valid bearer token is required');
      }
    });
  },
  // Behind their hooks: a 401 has security headers too, and ends a connection that asks to be upgraded.
  { name: 'auth', dependencies: ['headers', 'sockets'] },
);
