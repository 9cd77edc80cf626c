import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp, ITEM, tokenOf } from './app.js';

let app: NestExpressApplication;
let token: string;

beforeAll(async () => {
  app = await createApp();
  token = await tokenOf(app);
});

afterAll(() => app.close());

const as = (bearer: string) => ({ authorization: `Bearer ${bearer}` });
const http = () => request(app.getHttpServer());

describe('tokens', () => {
  it('are asked for on every route that is not public', async () => {
    const refused = await http().get('/json').expect(401).expect('content-type', /^application\/problem\+json/);
    expect(refused.headers['www-authenticate']).toBe('Bearer');
    expect(refused.body).toMatchObject({ type: 'about:blank', title: 'Unauthorized', status: 401 });
    await http().get('/health').expect(200, { status: 'ok' });
  });

  it('are refused when they ended, have another key, or name nobody', async () => {
    const ended = await tokenOf(app, {}, { expiresIn: -1 });
    for (const bearer of [ended, `${token}x`, await tokenOf(app, { sub: '' }), 'none']) {
      await http().get('/json').set(as(bearer)).expect(401);
    }
    await http().get('/json').set(as(token)).expect(200, { message: 'Hello, World!' });
  });

  it('are asked for to open a WebSocket too', async () => {
    await http().get('/socket').expect(401);
    await http().get('/socket').set(as(token)).expect(426).expect('upgrade', 'websocket');
  });
});

describe('items', () => {
  it('are read by their id, also with an escape in the path', async () => {
    await http().get('/items/1').set(as(token)).expect(200, ITEM);
    await http().get('/items/%31').set(as(token)).expect(200, ITEM);
    await http().get('/%69tems/1').set(as(token)).expect(200, ITEM);
    await http().head('/items/1').set(as(token)).expect(200);
  });

  it('that do not exist are a problem document', async () => {
    for (const path of ['/items/2', '/items/first', '/items/0', '/items/99999999999999999999', '/no/such/route']) {
      const missing = await http().get(path).set(as(token)).expect(404);
      expect(missing.body).toMatchObject({ title: 'Not Found', status: 404 });
    }
  });

  it('name every wrong field', async () => {
    const wrong = { category: 'nothing', name: '', price_cents: '12', stock: true };
    const refused = await http().post('/items').set(as(token)).send(wrong).expect(422);
    const fields = refused.body.errors.map(({ field }: { field: string }) => field);
    expect(fields.sort()).toEqual(['category', 'name', 'price_cents', 'stock']);

    const query = await http().get('/items?limit=x&after=-5').set(as(token)).expect(422);
    expect(query.body.errors).toHaveLength(2);
  });

  it('are created with a Location', async () => {
    const created = await http()
      .post('/items')
      .set(as(token))
      .send({ category: 'toys', name: 'Kite', price_cents: 5 })
      .expect(201)
      .expect('location', '/items/10001');
    expect(created.body).toMatchObject({ name: 'Kite', stock: 0 });
  });

  it('are shown on an escaped page', async () => {
    const page = await http().get('/page?category=garden').set(as(token)).expect(200).expect('content-type', /html/);
    expect(page.text).toContain('<h1>Items in garden</h1>');
    expect(page.text).toContain('<td>Item 1 &amp; Co &lt;garden&gt;</td>');
  });
});

describe('HTTP', () => {
  it('refuses other methods with those that are served', async () => {
    const refused = await http().delete('/items/1').set(as(token)).expect(405);
    expect(refused.headers.allow).toBe('GET, HEAD, OPTIONS, PATCH');
    await http().options('/items/1').expect(204).expect('allow', 'GET, HEAD, OPTIONS, PATCH');
  });

  it('refuses other media types, broken bodies and large ones', async () => {
    const post = () => http().post('/orders').set(as(token));
    await post().type('text/plain').send('{}').expect(415);
    await post().type('json').send('{"item_id": 4711,').expect(400);
    await post().type('json').send(`"${'x'.repeat(70_000)}"`).expect(413);
    await post().send({ item_id: 4711, quantity: 2 }).expect(201);
  });

  it('sends the security headers with every response', async () => {
    for (const path of ['/health', '/json', '/no/such/route']) {
      const { headers } = await http().get(path);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers).toHaveProperty('x-frame-options');
      expect(headers).toHaveProperty('referrer-policy');
    }
  });
});

describe('streams', () => {
  it('count and hash what comes', async () => {
    const upload = http().post('/upload').set(as(token)).type('application/octet-stream');
    const { body } = await upload.send(Buffer.from([0, 1, 2])).expect(200);
    expect(body).toEqual({ bytes: 3, sha256: 'ae4b3280e56e2faf83f414a6e3dabe9d5fbe18976544c05fed121accb85b53fc' });
  });

  it('send events after the last one that was seen', async () => {
    const events = await http().get('/events?count=3&every_ms=0').set(as(token)).set('last-event-id', '1').expect(200);
    expect(events.headers['cache-control']).toBe('no-store');
    expect(events.text).toBe('id: 2\nevent: tick\ndata: {"n":2}\n\nid: 3\nevent: tick\ndata: {"n":3}\n\n');
  });
});
