// The application of the tests: the real one, with tables that need no database, and tokens made by hand.
import { createHmac } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../src/app.ts';
import type { Items, Orders, Users } from '../src/plugins/database.ts';
import type { Item } from '../src/schemas.ts';

const KEY = 'a key that only these tests know and use';

export const LOG = join(mkdtempSync(join(tmpdir(), 'access-')), 'access.log');
export const ITEM: Item = { id: 1, category: 'garden', name: 'Item <1>', price_cents: 7_920, stock: 31, version: 1 };

const items: Items = {
  find: async (id) => (id === ITEM.id ? ITEM : undefined),
  list: async () => ({ items: [ITEM], next: null }),
  insert: async (item) => ({ ...item, id: 10_001, version: 1 }),
  update: async (item) => ({ ...item, version: item.version + 1 }),
};

const users: Users = {
  find: async () => undefined,
};

const orders: Orders = {
  lockItem: async (_client, id) => (id === ITEM.id ? ITEM : undefined),
  insert: async (_client, { item_id, quantity, price_cents }) => ({
    id: 1, item_id, quantity, price_cents, total_cents: quantity * price_cents,
  }),
};

const pg = {
  query: async () => ({ rows: [] }),
  transact: (work: (client: undefined) => unknown) => work(undefined),
};

export async function startApp(): Promise<FastifyInstance> {
  Object.assign(process.env, { TOKEN_KEY: KEY, ACCESS_LOG: LOG, BAKEOFF_ROUTES: '2' });
  const app = buildApp();
  await app.ready();
  Object.assign(app.items, items);
  Object.assign(app.users, users);
  Object.assign(app.orders, orders);
  Object.assign(app.pg, pg);
  return app;
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

export function makeToken(claims: object = {}, key = KEY): string {
  const payload = { sub: 'user1', exp: Math.floor(Date.now() / 1_000) + 600, ...claims };
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(payload)}`;
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}
