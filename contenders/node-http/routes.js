import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Eta } from 'eta';
import { issueToken, unauthorized } from './auth.js';
import { COMPUTE_BODY, LOGIN_BODY } from './bodies.js';
import { pool } from './database.js';
import * as items from './items.js';
import { log } from './log.js';
import { readJson, sendHtml, sendJson } from './message.js';
import { passwordMatches } from './passwords.js';
import { Problem } from './problem.js';
import { threads } from './threads.js';
import { fetchParts } from './upstream.js';
import { findUser } from './users.js';
import { checkBody, checkQuery, digits, optional, text } from './validation.js';

const eta = new Eta({ views: fileURLToPath(new URL('views', import.meta.url)), cache: true });

const PAGE_SIZE = 20;
const PAGE_QUERY = { category: optional(text()) };
const WAIT_QUERY = { ms: digits(0, 10_000) };
const FAN_OUT_QUERY = { n: digits(1, 20) };

export async function health(_req, res) {
  try {
    await pool.query({ text: 'SELECT 1', query_timeout: 2_000 });
  } catch (error) {
    log.error(error, 'the database does not answer');
    throw new Problem(503, { detail: 'the database does not answer' });
  }
  sendJson(res, { status: 'ok' });
}

export async function json(_req, res) {
  sendJson(res, { message: 'Hello, World!' });
}

export async function page(_req, res, { query }) {
  const { category } = checkQuery(PAGE_QUERY, query);
  const { items: rows } = await items.listItems({ category, after: 0, limit: PAGE_SIZE });
  sendHtml(res, eta.render('page', { title: `Items in ${category ?? 'all categories'}`, items: rows }));
}

export async function wait(_req, res, { query }) {
  const { ms } = checkQuery(WAIT_QUERY, query);
  await sleep(ms);
  sendJson(res, { waited_ms: ms });
}

export async function fanOut(_req, res, { query }) {
  const { n } = checkQuery(FAN_OUT_QUERY, query);
  const parts = await fetchParts(n);
  sendJson(res, { parts, sum: parts.reduce((sum, { value }) => sum + value, 0) });
}

export async function compute(req, res) {
  const { n } = checkBody(COMPUTE_BODY, await readJson(req));
  sendJson(res, { n, ...(await threads.run(n)) });
}

export async function login(req, res) {
  const { username, password } = checkBody(LOGIN_BODY, await readJson(req));
  const user = await findUser(username);
  if (!(await passwordMatches(password, user)) || !user) {
    throw unauthorized('unknown user or wrong password');
  }
  sendJson(res, { username, token: await issueToken(username) });
}
