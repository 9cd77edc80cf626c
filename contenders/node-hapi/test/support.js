// What the tests need around the service: its environment, the other service, rows of their own, and tokens.
import { createHmac, randomBytes, randomUUID, scryptSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

if (!process.env.DATABASE_URL) {
  throw new Error('DATABASE_URL must name a PostgreSQL that has the tables of scenarios/README.md');
}

const KEY = 'a key that only these tests know and use';
const LOG = join(mkdtempSync(join(tmpdir(), 'access-')), 'access.log');
Object.assign(process.env, {
  TOKEN_KEY: KEY,
  ACCESS_LOG: LOG,
  HOST: '127.0.0.1',
  PORT: '0',
  BAKEOFF_ROUTES: '2',
  NODE_ENV: 'test',
});

/** A user of this run alone; all that the tests write has his name in it. */
export const user = { username: `test-${randomUUID()}`, password: 'correct horse' };

const database = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 1 });

const upstream = createServer((req, res) => {
  const part = Number(req.url.split('/').at(-1));
  res.setHeader('Content-Type', 'application/json');
  res.end(JSON.stringify({ part, value: part ** 2 }));
});

export async function setUp() {
  await once(upstream.listen(0, '127.0.0.1'), 'listening');
  process.env.UPSTREAM_URL = `http://127.0.0.1:${upstream.address().port}`;
  const salt = randomBytes(16);
  const hash = scryptSync(user.password, salt, 32, { N: 16_384, r: 8, p: 1 });
  await database.query('INSERT INTO users (username, salt, hash) VALUES ($1, $2, $3)', [
    user.username,
    salt.toString('hex'),
    hash.toString('hex'),
  ]);
}

/** Leaves the tables as they were found. */
export async function tearDown() {
  const own = [user.username];
  const lines = 'DELETE FROM order_lines WHERE order_id IN (SELECT id FROM orders WHERE username = $1)';
  await database.query(lines, own);
  await database.query('DELETE FROM orders WHERE username = $1', own);
  await database.query("DELETE FROM items WHERE name LIKE $1 || '%'", own);
  await database.query('DELETE FROM users WHERE username = $1', own);
  await database.end();
  upstream.closeAllConnections();
  upstream.close();
  await rm(dirname(LOG), { recursive: true, force: true });
}

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token made by hand, so that wrong ones can be made as well. */
export function makeToken(claims = {}, { alg = 'HS256', key = KEY } = {}) {
  const payload = { sub: user.username, exp: Math.floor(Date.now() / 1_000) + 600, ...claims };
  const signed = `${encode({ alg, typ: 'JWT' })}.${encode(payload)}`;
  const digest = { HS256: 'sha256', HS512: 'sha512' }[alg];
  const signature = digest ? createHmac(digest, key).update(signed).digest('base64url') : '';
  return `${signed}.${signature}`;
}

export const bearer = (token = makeToken()) => ({ authorization: `Bearer ${token}` });

/** The last line of the access log about a path; it may come a moment after the response. */
export async function logged(path) {
  for (let tries = 0; tries < 30; tries += 1) {
    const lines = (await readFile(LOG, 'utf8')).split('\n').filter((line) => line !== '');
    const line = lines.map((text) => JSON.parse(text)).findLast((entry) => entry.path === path);
    if (line) return line;
    await sleep(50);
  }
  throw new Error(`the access log has no line about ${path}`);
}
