// The tables as decorators: `app.items`, `app.users` and `app.orders`. Statements have names, so PostgreSQL prepares each
// once per connection.
import postgres from '@fastify/postgres';
import fp from 'fastify-plugin';

const COLUMNS = 'id, category, name, price_cents, stock, version';

const FIND = {
  name: 'find-item',
  text: `SELECT ${COLUMNS} FROM items WHERE id = $1`,
};
const LIST = {
  name: 'list-items',
  text: `SELECT ${COLUMNS} FROM items WHERE id > $1 ORDER BY id LIMIT $2`,
};
const LIST_CATEGORY = {
  name: 'list-items-of-category',
  text: `SELECT ${COLUMNS} FROM items WHERE id > $1 AND category = $3 ORDER BY id LIMIT $2`,
};
const INSERT = {
  name: 'insert-item',
  text: `INSERT INTO items (category, name, price_cents, stock, version)
         VALUES ($1, $2, $3, $4, 1) RETURNING ${COLUMNS}`,
};
const UPDATE = {
  name: 'update-item',
  text: `UPDATE items SET name = $3, price_cents = $4, stock = $5, version = version + 1
         WHERE id = $1 AND version = $2 RETURNING ${COLUMNS}`,
};
const FIND_USER = {
  name: 'find-user',
  text: 'SELECT username, salt, hash FROM users WHERE username = $1',
};
const LOCK_ITEM = {
  name: 'lock-item',
  text: 'SELECT price_cents, stock FROM items WHERE id = $1 FOR UPDATE',
};
const INSERT_ORDER = {
  name: 'insert-order',
  text: 'INSERT INTO orders (username, total_cents) VALUES ($1, $2) RETURNING id',
};
const INSERT_LINE = {
  name: 'insert-order-line',
  text: 'INSERT INTO order_lines (order_id, item_id, quantity, price_cents) VALUES ($1, $2, $3, $4)',
};
const TAKE_STOCK = {
  name: 'take-stock',
  text: 'UPDATE items SET stock = stock - $2, version = version + 1 WHERE id = $1',
};

export default fp(async function database(app) {
  await app.register(postgres, {
    connectionString: process.env.DATABASE_URL,
    max: Number(process.env.DATABASE_POOL ?? 10),
    connectionTimeoutMillis: 10_000,
  });

  // A connection that breaks is replaced by the pool, and fails the query that was waiting for it. Without listeners it
  // would end the process.
  app.pg.pool.on('error', (error) => app.log.error(error, 'idle database connection'));
  app.pg.pool.on('connect', (client) => client.on('error', () => {}));

  async function rows(statement, values) {
    const result = await app.pg.query({ ...statement, values });
    return result.rows;
  }

  async function row(statement, values) {
    const [first] = await rows(statement, values);
    return first;
  }

  app.decorate('items', {
    find: (id) => row(FIND, [id]),

    /** At most `limit` items with an id above `after`, and the id to go on from if there are more. */
    async list({ category, after, limit }) {
      // One row more than asked for tells whether another page follows.
      const found = await (category === undefined
        ? rows(LIST, [after, limit + 1])
        : rows(LIST_CATEGORY, [after, limit + 1, category]));
      const items = found.slice(0, limit);
      return { items, next: found.length > limit ? items.at(-1).id : null };
    },

    insert: ({ category, name, price_cents, stock }) => row(INSERT, [category, name, price_cents, stock]),

    /** Writes the item if its version is still the stored one; otherwise nothing, and returns nothing. */
    update: ({ id, version, name, price_cents, stock }) => row(UPDATE, [id, version, name, price_cents, stock]),
  });

  app.decorate('users', {
    find: (username) => row(FIND_USER, [username]),
  });

  // Both take the connection of the transaction that they are a part of.
  app.decorate('orders', {
    /** What an order needs of the item, which nobody else can change until the transaction ends. */
    async lockItem(client, id) {
      const result = await client.query({ ...LOCK_ITEM, values: [id] });
      return result.rows[0];
    },

    /** Writes an order with one line, and takes its quantity from the item's stock. */
    async insert(client, { username, item_id, quantity, price_cents }) {
      const total_cents = quantity * price_cents;
      const result = await client.query({ ...INSERT_ORDER, values: [username, total_cents] });
      const [{ id }] = result.rows;
      await client.query({ ...INSERT_LINE, values: [id, item_id, quantity, price_cents] });
      await client.query({ ...TAKE_STOCK, values: [item_id, quantity] });
      return { id, item_id, quantity, price_cents, total_cents };
    },
  });
});
