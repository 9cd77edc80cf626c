// Routes that need no database: a constant answer, waiting, other services, arithmetic.
import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';
import { z } from 'zod';
import { otherMethods } from '../methods.js';
import { threads } from '../threads.js';
import { fetchParts } from '../upstream.js';
import { check, digits, jsonBody } from '../validate.js';

const WaitQuery = z.object({ ms: digits(0, 10_000) });
const FanOutQuery = z.object({ n: digits(1, 20) });
const ComputeBody = z.object({ n: z.int().min(1).max(100_000) });

export const work = express.Router();

function json(_req, res) {
  res.json({ message: 'Hello, World!' });
}

async function wait(req, res) {
  const { ms } = check(WaitQuery, req.query);
  await sleep(ms);
  res.json({ waited_ms: ms });
}

async function fanOut(req, res) {
  const { n } = check(FanOutQuery, req.query);
  const parts = await fetchParts(n);
  res.json({ parts, sum: parts.reduce((sum, { value }) => sum + value, 0) });
}

async function compute(req, res) {
  const { n } = check(ComputeBody, req.body);
  res.json({ n, ...(await threads.run(n)) });
}

work.route('/json').get(json).all(otherMethods);
work.route('/wait').get(wait).all(otherMethods);
work.route('/fan-out').get(fanOut).all(otherMethods);
work.route('/compute').post(jsonBody, compute).all(otherMethods);

export { ComputeBody }; // a page checks by them too
