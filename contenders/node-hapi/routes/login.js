import Boom from '@hapi/boom';
import Joi from 'joi';
import { passwordMatches } from '../passwords.js';
import { text } from '../validation.js';

const credentials = Joi.object({ username: text().required(), password: text().required() }).required();

export const login = {
  name: 'login',
  register(server) {
    server.route({
      method: 'POST',
      path: '/login',
      options: { auth: false, validate: { payload: credentials } },
      async handler(request) {
        const { username, password } = request.payload;
        const user = await server.users.find(username);
        if (!(await passwordMatches(password, user)) || !user) {
          throw Boom.unauthorized('unknown user or wrong password', 'Bearer');
        }
        return { username, token: server.methods.issueToken(username) };
      },
    });
  },
};

export { credentials }; // a page checks by them too
