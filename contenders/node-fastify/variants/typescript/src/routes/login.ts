import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { passwordMatches } from '../passwords.ts';
import { object, text } from '../schemas.ts';

const schema = {
  body: object({ username: text(), password: text() }),
  response: { 200: object({ username: Type.String(), token: Type.String() }) },
};

const login: FastifyPluginAsyncTypebox = async (app) => {
  app.post('/login', { schema, config: { public: true } }, async (request, reply) => {
    const { username, password } = request.body;
    const user = await app.users.find(username);
    if (!(await passwordMatches(password, user)) || !user) {
      reply.header('www-authenticate', 'Bearer');
      throw app.httpErrors.unauthorized('unknown user or wrong password');
    }
    return { username, token: app.jwt.sign({ sub: username }) };
  });
};

export default login;
