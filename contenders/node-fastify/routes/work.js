// Routes that need no database: a constant answer, waiting, other services, arithmetic.
import { setTimeout as sleep } from 'node:timers/promises';
import { computation } from '../bodies.js';
import { digits, object } from '../schemas.js';
import { fetchParts } from '../upstream.js';

const integer = { type: 'integer' };

const jsonSchema = { response: { 200: object({ message: { type: 'string' } }) } };
const waitSchema = {
  querystring: object({ ms: digits(0, 10_000) }, ['ms']),
  response: { 200: object({ waited_ms: integer }) },
};
const fanOutSchema = {
  querystring: object({ n: digits(1, 20) }, ['n']),
  response: {
    200: object({ parts: { type: 'array', items: object({ part: integer, value: integer }) }, sum: integer }),
  },
};
const computeSchema = {
  body: computation,
  response: { 200: object({ n: integer, start: integer, length: integer }) },
};

export default async function work(app) {
  app.get('/json', { schema: jsonSchema }, async () => ({ message: 'Hello, World!' }));

  app.get('/wait', { schema: waitSchema }, async (request) => {
    const { ms } = request.query;
    await sleep(ms);
    return { waited_ms: ms };
  });

  app.get('/fan-out', { schema: fanOutSchema }, async (request) => {
    const parts = await fetchParts(request.query.n);
    return { parts, sum: parts.reduce((sum, { value }) => sum + value, 0) };
  });

  app.post('/compute', { schema: computeSchema }, async (request) => {
    const { n } = request.body;
    return { n, ...(await app.threads.run(n)) };
  });
}
