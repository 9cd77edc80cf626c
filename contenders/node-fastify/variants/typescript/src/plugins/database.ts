// The tables as decorators: `app.items`, `app.users` and `app.orders`. Statements have names, so PostgreSQL prepares
// each once per connection.
import postgres from '@fastify/postgres';
import fp from 'fastify-plugin';
import type { PoolClient, QueryResultRow } from 'pg';
import type { PasswordRecord } from '../passwords.ts';
import type { Item, ItemFilter, ItemPage, NewItem, Order } from '../schemas.ts';

interface Statement {
  name: string;
  text: string;
}

const COLUMNS = 'id, category, name, price_cents, stock, version';

const FIND: Statement = {
  name: 'find-item',
  text: `SELECT ${COLUMNS} FROM items WHERE id = $1`,
};
const LIST: Statement = {
  name: 'list-items',
  text: `SELECT ${COLUMNS} FROM items WHERE id > $1 ORDER BY id LIMIT $2`,
};
const LIST_CATEGORY: Statement = {
  name: 'list-items-of-category',
  text: `SELECT ${COLUMNS} FROM items WHERE id > $1 AND category = $3 ORDER BY id LIMIT $2`,
};
const INSERT: Statement = {
  name: 'insert-item',
  text: `INSERT INTO items (category, name, price_cents, stock, version)
         VALUES ($1, $2, $3, $4, 1) RETURNING ${COLUMNS}`,
};
const UPDATE: Statement = {
  name: 'update-item',
  text: `UPDATE items SET name = $3, price_cents = $4, stock = $5, version = version + 1
         WHERE id = $1 AND version = $2 RETURNING ${COLUMNS}`,
};
const FIND_USER: Statement = {
  name: 'find-user',
  text: 'SELECT username, salt, hash FROM users WHERE username = $1',
};
const LOCK_ITEM: Statement = {
  name: 'lock-item',
  text: 'SELECT price_cents, stock FROM items WHERE id = $1 FOR UPDATE',
};
const INSERT_ORDER: Statement = {
  name: 'insert-order',
  text: 'INSERT INTO orders (username, total_cents) VALUES ($1, $2) RETURNING id',
};
const INSERT_LINE: Statement = {
  name: 'insert-order-line',
  text: 'INSERT INTO order_lines (order_id, item_id, quantity, price_cents) VALUES ($1, $2, $3, $4)',
};
const TAKE_STOCK: Statement = {
  name: 'take-stock',
  text: 'UPDATE items SET stock = stock - $2, version = version + 1 WHERE id = $1',
};

export interface Items {
  find(id: number): Promise<Item | undefined>;
  /** At most `limit` items with an id above `after`, and the id to go on from if there are more. */
  list(filter: ItemFilter): Promise<ItemPage>;
  insert(item: NewItem): Promise<Item>;
  /** Writes the item if its version is still the stored one; otherwise nothing, and returns nothing. */
  update(item: Item): Promise<Item | undefined>;
}

export interface Users {
  find(username: string): Promise<PasswordRecord | undefined>;
}

/** Both functions take the connection of the transaction that they are a part of. */
export interface Orders {
  /** What an order needs of the item, which nobody else can change until the transaction ends. */
  lockItem(client: PoolClient, id: number): Promise<Pick<Item, 'price_cents' | 'stock'> | undefined>;
  /** Writes an order with one line, and takes its quantity from the item's stock. */
  insert(client: PoolClient, order: Omit<Order, 'id' | 'total_cents'> & { username: string }): Promise<Order>;
}

export default fp(async function database(app) {
  await app.register(postgres, {
    connectionString: process.env.DATABASE_URL,
    max: Number(process.env.DATABASE_POOL ?? 10),
    connectionTimeoutMillis: 10_000,
  });

  // A connection that breaks is replaced by the pool, and fails the query that was waiting for it. Without listeners it
  // would end the process.
  app.pg.pool.on('error', (error) => app.log.error(error, 'idle database connection'));
  app.pg.pool.on('connect', (client) => client.on('error', () => undefined));

  async function rows<Row extends QueryResultRow>(statement: Statement, values: unknown[]): Promise<Row[]> {
    const result = await app.pg.query<Row>({ ...statement, values });
    return result.rows;
  }

  async function row<Row extends QueryResultRow>(statement: Statement, values: unknown[]): Promise<Row | undefined> {
    const [first] = await rows<Row>(statement, values);
    return first;
  }

  app.decorate('items', {
    find: (id) => row<Item>(FIND, [id]),

    async list({ category, after, limit }) {
      // One row more than asked for tells whether another page follows.
      const found = await (category === undefined
        ? rows<Item>(LIST, [after, limit + 1])
        : rows<Item>(LIST_CATEGORY, [after, limit + 1, category]));
      const items = found.slice(0, limit);
      return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null };
    },

    async insert({ category, name, price_cents, stock }) {
      const inserted = await row<Item>(INSERT, [category, name, price_cents, stock]);
      return inserted!; // an insert without a row would have thrown
    },

    update: ({ id, version, name, price_cents, stock }) => row<Item>(UPDATE, [id, version, name, price_cents, stock]),
  } satisfies Items);

  app.decorate('users', {
    find: (username) => row<PasswordRecord & QueryResultRow>(FIND_USER, [username]),
  } satisfies Users);

  app.decorate('orders', {
    async lockItem(client, id) {
      const result = await client.query<Pick<Item, 'price_cents' | 'stock'>>({ ...LOCK_ITEM, values: [id] });
      return result.rows[0];
    },

    async insert(client, { username, item_id, quantity, price_cents }) {
      const total_cents = quantity * price_cents;
      const result = await client.query<{ id: number }>({ ...INSERT_ORDER, values: [username, total_cents] });
      const { id } = result.rows[0]!; // an insert without a row would have thrown
      await client.query({ ...INSERT_LINE, values: [id, item_id, quantity, price_cents] });
      await client.query({ ...TAKE_STOCK, values: [item_id, quantity] });
      return { id, item_id, quantity, price_cents, total_cents };
    },
  } satisfies Orders);
});
