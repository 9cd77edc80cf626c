// Bearer tokens: every route asks for one that does not say `auth: false`.
import Jwt from '@hapi/jwt';

const ALGORITHM = 'HS256';
const HOUR_S = 3_600;

/** @hapi/jwt checks when a token ends; that it does, and whom it names, is asked here. */
function validate({ decoded: { payload } }) {
  return { isValid: typeof payload.sub === 'string' && payload.exp !== undefined, credentials: payload };
}

export const auth = {
  name: 'auth',
  async register(server) {
    const key = process.env.TOKEN_KEY;
    await server.register(Jwt);
    server.auth.strategy('bearer', 'jwt', {
      keys: { key, algorithms: [ALGORITHM] },
      verify: { aud: false, iss: false, sub: false },
      validate,
    });
    server.auth.default('bearer');

    server.method('issueToken', (username) =>
      Jwt.token.generate({ sub: username }, { key, algorithm: ALGORITHM }, { ttlSec: HOUR_S }),
    );
  },
};
