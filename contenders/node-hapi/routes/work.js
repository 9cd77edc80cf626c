// Routes that need no database: a constant answer, waiting, other services, arithmetic.
import { setTimeout as sleep } from 'node:timers/promises';
import Joi from 'joi';
import { fetchParts } from '../upstream.js';
import { digits, integer } from '../validation.js';

const waitQuery = Joi.object({ ms: digits(0, 10_000).required() });
const fanOutQuery = Joi.object({ n: digits(1, 20).required() });
const computePayload = Joi.object({ n: integer(1, 100_000).required() }).required();

function json() {
  return { message: 'Hello, World!' };
}

async function wait(request) {
  const { ms } = request.query;
  await sleep(ms);
  return { waited_ms: ms };
}

async function fanOut(request) {
  const parts = await fetchParts(request.query.n);
  return { parts, sum: parts.reduce((sum, { value }) => sum + value, 0) };
}

async function compute(request) {
  const { n } = request.payload;
  return { n, ...(await request.server.methods.longestChain(n)) };
}

export const work = {
  name: 'work',
  register(server) {
    server.route([
      { method: 'GET', path: '/json', handler: json },
      { method: 'GET', path: '/wait', options: { validate: { query: waitQuery } }, handler: wait },
      { method: 'GET', path: '/fan-out', options: { validate: { query: fanOutQuery } }, handler: fanOut },
      { method: 'POST', path: '/compute', options: { validate: { payload: computePayload } }, handler: compute },
    ]);
  },
};

export { computePayload }; // a page checks by them too
