import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { ITEM, LOG, makeToken, startApp } from './app.ts';

let app: FastifyInstance;

before(async () => {
  app = await startApp();
});

after(() => app.close());

const bearer = (token = makeToken()) => ({ authorization: `Bearer ${token}` });

function ask(method: InjectOptions['method'], url: string, options: InjectOptions = {}) {
  return app.inject({ method, url, ...options, headers: { ...bearer(), ...options.headers } });
}

interface Problem {
  type: string;
  status: number;
  errors?: { field: string }[];
}

function assertProblem(response: LightMyRequestResponse, status: number, fields?: string[]): void {
  assert.equal(response.statusCode, status);
  assert.match(String(response.headers['content-type']), /^application\/problem\+json/);
  const problem = response.json<Problem>();
  assert.equal(problem.type, 'about:blank');
  assert.equal(problem.status, status);
  if (fields) assert.deepEqual([...new Set(problem.errors?.map(({ field }) => field))].sort(), fields.toSorted());
}

describe('tokens', () => {
  test('are asked for by every route but two', async () => {
    assert.deepEqual((await app.inject('/health')).json(), { status: 'ok' });
    const login = await app.inject({ method: 'POST', url: '/login', payload: { username: 'nobody', password: 'x' } });
    assertProblem(login, 401);
    const refused = await app.inject('/json');
    assertProblem(refused, 401);
    assert.equal(refused.headers['www-authenticate'], 'Bearer');
    assert.deepEqual((await ask('GET', '/json')).json(), { message: 'Hello, World!' });
  });

  test('are refused when they ended, have no end, another key, or name nobody', async () => {
    const wrong = [
      makeToken({ exp: Math.floor(Date.now() / 1_000) - 1 }),
      makeToken({ exp: undefined }),
      makeToken({ sub: undefined }),
      makeToken({}, 'a key that nobody has given to the service'),
      'abc',
    ];
    for (const token of wrong) assertProblem(await ask('GET', '/json', { headers: bearer(token) }), 401);
  });
});

describe('items', () => {
  test('are read by whole numbers', async () => {
    assert.deepEqual((await ask('GET', '/items/%31')).json(), ITEM);
    for (const id of ['0', '2', '-1', '1.0', 'first', '99999999999999999999', '%ZZ']) {
      assertProblem(await ask('GET', `/items/${id}`), 404);
    }
  });

  test('name every wrong field', async () => {
    const payload = { category: 'nothing', name: '', price_cents: 12.5, stock: '1' };
    assertProblem(await ask('POST', '/items', { payload }), 422, Object.keys(payload));
    assertProblem(await ask('POST', '/items', { payload: [] }), 422);
    assertProblem(await ask('GET', '/items?limit=1e2&after=-1'), 422, ['limit', 'after']);
  });

  test('are created and changed', async () => {
    const payload = { category: 'toys', name: 'Kite', price_cents: 5 };
    const created = await ask('POST', '/items', { payload });
    assert.equal(created.statusCode, 201);
    assert.equal(created.headers.location, '/items/10001');
    assert.equal(created.json<typeof ITEM>().stock, 0);

    const changed = await ask('PATCH', '/items/1', { payload: { version: 1, stock: 7 } });
    assert.deepEqual(changed.json(), { ...ITEM, stock: 7, version: 2 });
    assertProblem(await ask('PATCH', '/items/1', { payload: { version: 2, stock: 7 } }), 409);
    assertProblem(await ask('PATCH', '/items/1', { payload: { version: 1 } }), 422);
  });

  test('are shown on a page', async () => {
    const page = await ask('GET', '/page?category=%3Cb%3E');
    assert.match(page.body, /<h1>Items in &lt;b&gt;<\/h1>/);
    assert.match(page.body, /<td>Item &lt;1&gt;<\/td>/);
  });
});

describe('orders', () => {
  test('have their price from the item', async () => {
    const placed = await ask('POST', '/orders', { payload: { item_id: 1, quantity: 2 } });
    assert.equal(placed.statusCode, 201);
    assert.deepEqual(placed.json(), { id: 1, item_id: 1, quantity: 2, price_cents: 7_920, total_cents: 15_840 });
  });

  test('of an unknown item are refused', async () => {
    assertProblem(await ask('POST', '/orders', { payload: { item_id: 2, quantity: 1 } }), 422, ['item_id']);
    assertProblem(await ask('POST', '/orders', { payload: { item_id: 1, quantity: 21 } }), 422, ['quantity']);
  });
});

describe('the other routes', () => {
  test('compute', async () => {
    const response = await ask('POST', '/compute', { payload: { n: 1_000 } });
    assert.deepEqual(response.json(), { n: 1_000, start: 871, length: 179 });
  });

  test('upload and download', async () => {
    const body = Buffer.alloc(70_000, 'x');
    const headers = { 'content-type': 'application/octet-stream' };
    const upload = await ask('POST', '/upload', { headers, payload: body });
    assert.deepEqual(upload.json(), { bytes: 70_000, sha256: createHash('sha256').update(body).digest('hex') });

    const { rawPayload } = await ask('GET', '/download?bytes=70001');
    assert.deepEqual(rawPayload, Buffer.from(Array.from({ length: 70_001 }, (_, index) => index % 251)));
  });

  test('events', async () => {
    const events = await ask('GET', '/events?count=3&every_ms=0', { headers: { 'last-event-id': '1' } });
    assert.equal(events.headers['cache-control'], 'no-store');
    assert.equal(events.body, [2, 3].map((n) => `id: ${n}\nevent: tick\ndata: {"n":${n}}\n\n`).join(''));
  });

  test('routes that are registered one by one', async () => {
    assert.deepEqual((await ask('GET', '/routes/2/a%20b')).json(), { route: 2, id: 'a b' });
    assertProblem(await ask('GET', '/routes/3/a'), 404);
  });

  test('socket', async () => {
    const socket = await app.injectWS('/socket', { headers: bearer() });
    socket.send(JSON.stringify({ type: 'echo', data: 'hello' }));
    const [message] = await once(socket, 'message');
    assert.deepEqual(JSON.parse(String(message)), { type: 'echo', data: 'hello' });
    socket.terminate();
    await assert.rejects(app.injectWS('/socket'), /401/);
    assertProblem(await ask('GET', '/socket'), 426);
  });
});

describe('HTTP', () => {
  test('has security headers in every response', async () => {
    for (const path of ['/json', '/nowhere', '/items/%ZZ']) {
      const { headers } = await ask('GET', path);
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.ok(headers['x-frame-options']);
      assert.ok(headers['referrer-policy']);
    }
  });

  test('names the methods of a path', async () => {
    const refused = await ask('DELETE', '/items');
    assertProblem(refused, 405);
    assert.deepEqual(String(refused.headers.allow).split(', ').sort(), ['GET', 'HEAD', 'POST']);
    const options = await app.inject({ method: 'OPTIONS', url: '/items' });
    assert.equal(options.statusCode, 204);
    assert.equal(options.headers.allow, refused.headers.allow);
    assert.equal((await ask('HEAD', '/json')).body, '');
  });

  test('refuses other media types, broken bodies and large ones', async () => {
    const post = (type: string, payload: string) =>
      ask('POST', '/items', { headers: { 'content-type': type }, payload });
    assertProblem(await post('text/plain', '{}'), 415);
    assertProblem(await post('application/json', '{"category": '), 400);
    assertProblem(await post('application/json', JSON.stringify('x'.repeat(70_000))), 413);
  });
});

test('each response is a line of the access log', async () => {
  const log = await startApp();
  await log.inject({ url: '/items/3?colour=red', headers: bearer() });
  await log.inject('/items/3');
  await log.close(); // writes what it has collected
  const lines = (await readFile(LOG, 'utf8')).trim().split('\n');
  const entries = lines.map((line): Record<string, unknown> => JSON.parse(line));
  const [known, unknown] = entries.filter(({ path }) => path === '/items/3');
  const { time, method, status, user } = known ?? {};
  assert.match(String(time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.deepEqual([method, status, user], ['GET', 404, 'user1']);
  assert.deepEqual([unknown?.status, unknown?.user], [401, null]);
});
