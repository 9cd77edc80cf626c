import { passwordMatches } from '../passwords.js';
import { object, text } from '../schemas.js';

const schema = {
  body: object({ username: text, password: text }, ['username', 'password']),
  response: { 200: object({ username: { type: 'string' } }) },
};

export default async function login(app) {
  app.post('/login', { schema }, async (request) => {
    const { username, password } = request.body;
    const user = await app.users.find(username);
    if (!(await passwordMatches(password, user)) || !user) {
      throw app.httpErrors.unauthorized('unknown user or wrong password');
    }
    return { username };
  });
}
