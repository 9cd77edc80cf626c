// The tables as decorations: `server.items`, `server.users` and `server.orders`, and `server.transaction`. Statements have
// names, so PostgreSQL prepares each once per connection.
import pg from 'pg';

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

/** The rows of a statement on a connection, or on any connection of a pool. */
async function rows(client, statement, values) {
  const result = await client.query({ ...statement, values });
  return result.rows;
}

async function row(client, statement, values) {
  const [first] = await rows(client, statement, values);
  return first;
}

function tables(pool) {
  const items = {
    find: (id) => row(pool, FIND, [id]),

    /** At most `limit` items with an id above `after`, and the id to go on from if there are more. */
    async list({ category, after, limit }) {
      // One row more than asked for tells whether another page follows.
      const found = await (category === undefined
        ? rows(pool, LIST, [after, limit + 1])
        : rows(pool, LIST_CATEGORY, [after, limit + 1, category]));
      const page = found.slice(0, limit);
      return { items: page, next: found.length > limit ? page.at(-1).id : null };
    },

    insert: ({ category, name, price_cents, stock }) => row(pool, INSERT, [category, name, price_cents, stock]),

    /** Writes the item if its version is still the stored one; otherwise nothing, and returns nothing. */
    update: ({ id, version, name, price_cents, stock }) => row(pool, UPDATE, [id, version, name, price_cents, stock]),
  };
  const users = {
    find: (username) => row(pool, FIND_USER, [username]),
  };
  return { items, users };
}

// Both take the connection of the transaction that they are a part of.
const orders = {
  /** What an order needs of the item, which nobody else can change until the transaction ends. */
  lockItem: (client, id) => row(client, LOCK_ITEM, [id]),

  /** Writes an order with one line, and takes its quantity from the item's stock. */
  async insert(client, { username, item_id, quantity, price_cents }) {
    const total_cents = quantity * price_cents;
    const { id } = await row(client, INSERT_ORDER, [username, total_cents]);
    await rows(client, INSERT_LINE, [id, item_id, quantity, price_cents]);
    await rows(client, TAKE_STOCK, [item_id, quantity]);
    return { id, item_id, quantity, price_cents, total_cents };
  },
};

/** What `work` makes of a connection, in one transaction: all of it, or nothing where `work` throws. */
async function transaction(pool, work) {
  const client = await pool.connect();
  let broken; // a connection that cannot roll back is not used again
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((reason) => {
      broken = reason;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

export const database = {
  name: 'database',
  register(server) {
    const pool = new pg.Pool({
      connectionString: process.env.DATABASE_URL,
      max: Number(process.env.DATABASE_POOL ?? 10),
      connectionTimeoutMillis: 10_000,
    });
    // A connection that breaks is replaced by the pool, and fails the query that was waiting for it. Without listeners it
    // would end the process.
    pool.on('error', (error) => server.log('idle database connection', error));
    pool.on('connect', (client) => client.on('error', () => {}));

    const { items, users } = tables(pool);
    server.decorate('server', 'pool', pool);
    server.decorate('server', 'items', items);
    server.decorate('server', 'users', users);
    server.decorate('server', 'orders', orders);
    server.decorate('server', 'transaction', (work) => transaction(pool, work));
    server.ext('onPostStop', () => pool.end());
  },
};
