// The tables as `server.app.items` and `server.app.users`. Statements have names, so PostgreSQL prepares each once per
// connection.
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

function tables(pool) {
  async function rows(statement, values) {
    const result = await pool.query({ ...statement, values });
    return result.rows;
  }

  async function row(statement, values) {
    const [first] = await rows(statement, values);
    return first;
  }

  const items = {
    find: (id) => row(FIND, [id]),

    /** At most `limit` items with an id above `after`, and the id to go on from if there are more. */
    async list({ category, after, limit }) {
      // One row more than asked for tells whether another page follows.
      const found = await (category === undefined
        ? rows(LIST, [after, limit + 1])
        : rows(LIST_CATEGORY, [after, limit + 1, category]));
      const page = found.slice(0, limit);
      return { items: page, next: found.length > limit ? page.at(-1).id : null };
    },

    insert: ({ category, name, price_cents, stock }) => row(INSERT, [category, name, price_cents, stock]),

    /** Writes the item if its version is still the stored one; otherwise nothing, and returns nothing. */
    update: ({ id, version, name, price_cents, stock }) => row(UPDATE, [id, version, name, price_cents, stock]),
  };
  const users = {
    find: (username) => row(FIND_USER, [username]),
  };
  return { items, users };
}

export const database = {
  name: 'database',
  register(server) {
    const pool = new pg.Pool({
      connectionString: process.env.DATABASE_URL,
      max: Number(process.env.DATABASE_POOL ?? 10),
      connectionTimeoutMillis: 10_000,
    });
    // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
    pool.on('error', (error) => console.error('idle database connection:', error.message));
    Object.assign(server.app, { pool, ...tables(pool) });
    server.ext('onPostStop', () => pool.end());
  },
};
