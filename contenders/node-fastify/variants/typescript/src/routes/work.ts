// Routes that need no database: a constant answer, waiting, other services, arithmetic.
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { digits, object } from '../schemas.ts';
import { fetchParts } from '../upstream.ts';

const jsonSchema = { response: { 200: object({ message: Type.String() }) } };

const waitSchema = {
  querystring: object({ ms: digits(0, 10_000) }),
  response: { 200: object({ waited_ms: Type.Integer() }) },
};

const part = object({ part: Type.Integer(), value: Type.Integer() });
const fanOutSchema = {
  querystring: object({ n: digits(1, 20) }),
  response: { 200: object({ parts: Type.Array(part), sum: Type.Integer() }) },
};

const computeSchema = {
  body: object({ n: Type.Integer({ minimum: 1, maximum: 100_000 }) }),
  response: { 200: object({ n: Type.Integer(), start: Type.Integer(), length: Type.Integer() }) },
};

const work: FastifyPluginAsyncTypebox = async (app) => {
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
};

export default work;
