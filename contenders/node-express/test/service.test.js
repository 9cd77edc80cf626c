import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { STATUS_CODES } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { ask, openSocket, start, stop } from './client.js';
import { bearer, logged, makeToken, setUp, tearDown, user } from './support.js';

before(async () => {
  await setUp();
  await start();
});

after(async () => {
  await stop();
  await tearDown();
});

const parse = ({ body }) => JSON.parse(body);

function assertProblem(response, status, fields) {
  assert.equal(response.status, status);
  assert.match(response.headers['content-type'], /^application\/problem\+json/);
  const problem = parse(response);
  assert.equal(problem.type, 'about:blank');
  assert.equal(problem.title, STATUS_CODES[status]);
  assert.equal(problem.status, status);
  if (fields) assert.deepEqual([...new Set(problem.errors.map(({ field }) => field))].sort(), fields.toSorted());
}

async function newItem(values = {}) {
  const json = { category: 'tools', name: `${user.username} <hammer>`, price_cents: 1999, stock: 3, ...values };
  const response = await ask('POST', '/items', { json });
  assert.equal(response.status, 201);
  const item = parse(response);
  assert.equal(response.headers.location, `/items/${item.id}`);
  return item;
}

describe('tokens', () => {
  test('health and login ask for none', async () => {
    const health = await ask('GET', '/health', { headers: {} });
    assert.deepEqual(parse(health), { status: 'ok' });
    const json = { username: user.username, password: user.password };
    assert.equal((await ask('POST', '/login', { headers: {}, json })).status, 200);
  });

  test('login gives one that is good for an hour', async () => {
    const response = await ask('POST', '/login', { json: { username: user.username, password: user.password } });
    const { username, token } = parse(response);
    assert.equal(username, user.username);
    const claims = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
    assert.equal(claims.sub, user.username);
    assert.ok(Math.abs(claims.exp - Date.now() / 1_000 - 3_600) < 5);
    assert.equal((await ask('GET', '/json', { headers: bearer(token) })).status, 200);
  });

  test('login refuses a wrong password, an unknown user and what is no login', async () => {
    assertProblem(await ask('POST', '/login', { json: { username: user.username, password: 'wrong' } }), 401);
    assertProblem(await ask('POST', '/login', { json: { username: 'nobody', password: 'wrong' } }), 401);
    assertProblem(await ask('POST', '/login', { json: { username: 3 } }), 422, ['username', 'password']);
  });

  const wrong = {
    'no header': {},
    'another scheme': { authorization: 'Basic dXNlcjpwYXNz' },
    'no token': { authorization: 'Bearer' },
    'no JWT': bearer('abc'),
    'another key': bearer(makeToken({}, { key: 'a key that nobody has ever told to the service' })),
    'another algorithm': bearer(makeToken({}, { alg: 'HS512' })),
    'no algorithm': bearer(makeToken({}, { alg: 'none' })),
    'one that has ended': bearer(makeToken({ exp: Math.floor(Date.now() / 1_000) - 1 })),
    'one without an end': bearer(makeToken({ exp: undefined })),
    'one for nobody': bearer(makeToken({ sub: undefined })),
  };
  for (const [name, headers] of Object.entries(wrong)) {
    test(`refuses ${name}`, async () => {
      const response = await ask('GET', '/json', { headers });
      assertProblem(response, 401);
      assert.match(response.headers['www-authenticate'], /^Bearer/);
    });
  }
});

describe('items', () => {
  test('are created, read, listed and changed', async () => {
    const item = await newItem();
    const path = `/items/${item.id}`;
    assert.deepEqual(parse(await ask('GET', path)), item);

    const list = parse(await ask('GET', `/items?category=tools&limit=1&after=${item.id - 1}`));
    assert.deepEqual(list.items, [item]);

    const change = { json: { version: 1, stock: 7 } };
    assert.deepEqual(parse(await ask('PATCH', path, change)), { ...item, stock: 7, version: 2 });
    assertProblem(await ask('PATCH', path, change), 409);
  });

  test('have no other ids than whole numbers', async () => {
    for (const id of ['0', '-1', 'first', '1.0', '99999999999999999999', '%ZZ']) {
      assertProblem(await ask('GET', `/items/${id}`), 404);
    }
  });

  test('that are wrong are refused, and each wrong field is named', async () => {
    const json = { category: 'nothing', name: '', price_cents: 12.5, stock: '1' };
    assertProblem(await ask('POST', '/items', { json }), 422, Object.keys(json));
    assertProblem(await ask('POST', '/items', { json: [] }), 422);
    assertProblem(await ask('GET', '/items?limit=many&after=-1'), 422, ['limit', 'after']);
  });
});

describe('orders', () => {
  test('take from the stock', async () => {
    const item = await newItem({ stock: 5 });
    const response = await ask('POST', '/orders', { json: { item_id: item.id, quantity: 3 } });
    assert.equal(response.status, 201);
    const { id, ...order } = parse(response);
    assert.ok(Number.isInteger(id));
    assert.deepEqual(order, { item_id: item.id, quantity: 3, price_cents: 1999, total_cents: 5997 });
    assert.deepEqual(parse(await ask('GET', `/items/${item.id}`)), { ...item, stock: 2, version: 2 });
  });

  test('at the same time sell no more than there is', async () => {
    const item = await newItem({ stock: 3 });
    const order = () => ask('POST', '/orders', { json: { item_id: item.id, quantity: 1 } });
    const responses = await Promise.all(Array.from({ length: 5 }, order));
    assert.deepEqual(responses.map(({ status }) => status).sort(), [201, 201, 201, 409, 409]);
    assert.deepEqual(parse(await ask('GET', `/items/${item.id}`)), { ...item, stock: 0, version: 4 });
  });

  test('of nothing that there is are refused', async () => {
    assertProblem(await ask('POST', '/orders', { json: { item_id: 2_147_483_647, quantity: 1 } }), 422, ['item_id']);
    assertProblem(await ask('POST', '/orders', { json: { item_id: '1', quantity: 21 } }), 422, ['item_id', 'quantity']);
  });
});

describe('the other routes', () => {
  test('json', async () => {
    assert.deepEqual(parse(await ask('GET', '/json')), { message: 'Hello, World!' });
  });

  test('page', async () => {
    const response = await ask('GET', '/page?category=%3Cb%3E');
    assert.match(response.headers['content-type'], /^text\/html/);
    assert.match(response.body.toString(), /<h1>Items in &lt;b&gt;<\/h1>/);
    assert.match((await ask('GET', '/page')).body.toString(), /<h1>Items in all categories<\/h1>/);
  });

  test('wait', async () => {
    assert.deepEqual(parse(await ask('GET', '/wait?ms=5')), { waited_ms: 5 });
    assertProblem(await ask('GET', '/wait?ms=1e2'), 422, ['ms']);
  });

  test('fan-out', async () => {
    const parts = [1, 2, 3].map((part) => ({ part, value: part ** 2 }));
    assert.deepEqual(parse(await ask('GET', '/fan-out?n=3')), { parts, sum: 14 });
  });

  test('compute', async () => {
    const response = await ask('POST', '/compute', { json: { n: 1_000 } });
    assert.deepEqual(parse(response), { n: 1_000, start: 871, length: 179 });
  });

  test('upload', async () => {
    const body = Buffer.alloc(70_000, 'x');
    const sha256 = createHash('sha256').update(body).digest('hex');
    const headers = { ...bearer(), 'content-type': 'application/octet-stream' };
    assert.deepEqual(parse(await ask('POST', '/upload', { headers, body })), { bytes: 70_000, sha256 });
  });

  test('download', async () => {
    const response = await ask('GET', '/download?bytes=70001');
    assert.equal(Number(response.headers['content-length']), 70_001);
    assert.deepEqual(response.body, Buffer.from(Array.from({ length: 70_001 }, (_, index) => index % 251)));
  });

  test('events', async () => {
    const response = await ask('GET', '/events?count=3&every_ms=0', { headers: { ...bearer(), 'last-event-id': '1' } });
    assert.match(response.headers['content-type'], /^text\/event-stream/);
    const ticks = [2, 3].map((n) => `id: ${n}\nevent: tick\ndata: {"n":${n}}\n\n`);
    assert.equal(response.body.toString(), ticks.join(''));
  });

  test('routes that are registered one by one', async () => {
    assert.deepEqual(parse(await ask('GET', '/routes/2/a%20b')), { route: 2, id: 'a b' });
    assertProblem(await ask('GET', '/routes/1/a', { headers: {} }), 401);
    assertProblem(await ask('GET', '/routes/3/a'), 404);
  });

  test('socket', async () => {
    const socket = await openSocket();
    socket.send(JSON.stringify({ type: 'echo', data: 'hello' }));
    const [message] = await once(socket, 'message');
    assert.deepEqual(JSON.parse(message), { type: 'echo', data: 'hello' });
    socket.terminate();

    await assert.rejects(openSocket({}), /401/);
    const response = await ask('GET', '/socket');
    assertProblem(response, 426);
    assert.equal(response.headers.upgrade, 'websocket');
  });
});

describe('HTTP', () => {
  test('every response has its security headers', async () => {
    for (const response of [await ask('GET', '/json'), await ask('GET', '/nowhere'), await ask('GET', '/items/%ZZ')]) {
      assert.equal(response.headers['x-content-type-options'], 'nosniff');
      assert.ok(response.headers['x-frame-options']);
      assert.ok(response.headers['referrer-policy']);
    }
  });

  test('a method that a route does not have is a 405, and OPTIONS tells those that it has', async () => {
    const response = await ask('DELETE', '/items');
    assertProblem(response, 405);
    assert.deepEqual(response.headers.allow.split(', ').sort(), ['GET', 'HEAD', 'POST']);
    const options = await ask('OPTIONS', '/items', { headers: {} });
    assert.equal(options.status, 204);
    assert.equal(options.headers.allow, response.headers.allow);
    assertProblem(await ask('PUT', '/health', { headers: {} }), 405);
  });

  test('HEAD is GET without a body', async () => {
    const response = await ask('HEAD', '/json');
    assert.equal(response.status, 200);
    assert.equal(Number(response.headers['content-length']), 27);
    assert.equal(response.body.length, 0);
  });

  test('paths are percent-decoded', async () => {
    assert.equal((await ask('GET', '/%6Ason')).status, 200);
    const { id } = await newItem();
    const encoded = `%3${String(id)[0]}${String(id).slice(1)}`;
    assert.equal(parse(await ask('GET', `/items/${encoded}`)).id, id);
  });

  test('a path that is no route is a 404', async () => {
    assertProblem(await ask('GET', '/no/such/route'), 404);
  });

  test('bodies are JSON, well-formed and of bounded size', async () => {
    const json = { ...bearer(), 'content-type': 'application/json' };
    assertProblem(await ask('POST', '/items', { headers: json, body: '{"category": ' }), 400);
    assertProblem(await ask('POST', '/items', { headers: json, body: JSON.stringify('x'.repeat(70_000)) }), 413);
    const plain = { ...bearer(), 'content-type': 'text/plain' };
    assertProblem(await ask('POST', '/items', { headers: plain, body: '{}' }), 415);
    const charset = { ...bearer(), 'content-type': 'application/json; charset=utf-8' };
    assertProblem(await ask('POST', '/items', { headers: charset, body: '{}' }), 422);
  });
});

describe('the access log', () => {
  test('has a line for each response', async () => {
    const { id } = await newItem();
    await ask('GET', `/items/${id}?colour=red`);
    const { time, duration_ms, ...line } = await logged(`/items/${id}`);
    assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.ok(duration_ms >= 0);
    const { method, path, status, user: name } = line;
    assert.deepEqual({ method, path, status, name }, {
      method: 'GET',
      path: `/items/${id}`,
      status: 200,
      name: user.username,
    });
  });

  test('says nothing of a user where there is no valid token', async () => {
    await ask('GET', '/items/2147483646', { headers: bearer('abc') });
    const { status, user: name } = await logged('/items/2147483646');
    assert.deepEqual({ status, name }, { status: 401, name: null });
  });
});
