// The tables as decorators: `app.items` and `app.users`. Statements have names, so PostgreSQL prepares each once per
// connection.
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

export default fp(async function database(app) {
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  app.pg.pool.on('error', (error) => app.log.error(error, 'idle database connection'));

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
});
