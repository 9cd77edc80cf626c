import { credentials } from '../bodies.js';
import { passwordMatches } from '../passwords.js';
import { object } from '../schemas.js';

const schema = {
  body: credentials,
  response: { 200: object({ username: { type: 'string' }, token: { type: 'string' } }) },
};

export default async function login(app) {
  app.post('/login', { schema, config: { public: true } }, async (request, reply) => {
    const { username, password } = request.body;
    const user = await app.users.find(username);
    if (!(await passwordMatches(password, user)) || !user) {
      reply.header('www-authenticate', 'Bearer');
      throw app.httpErrors.unauthorized('unknown user or wrong password');
    }
    return { username, token: app.jwt.sign({ sub: username }) };
  });
}
