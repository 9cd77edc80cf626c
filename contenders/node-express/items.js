// The table of items. Statements have names, so PostgreSQL prepares each once per connection.
import { pool } from './database.js';

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

async function rows(statement, values) {
  const result = await pool.query({ ...statement, values });
  return result.rows;
}

export async function findItem(id) {
  const [item] = await rows(FIND, [id]);
  return item;
}

/** At most `limit` items with an id above `after`, and the id to go on from if there are more. */
export async function listItems({ category, limit, after = 0 }) {
  // One row more than asked for tells whether another page follows.
  const found = await (category === undefined
    ? rows(LIST, [after, limit + 1])
    : rows(LIST_CATEGORY, [after, limit + 1, category]));
  const items = found.slice(0, limit);
  return { items, next: found.length > limit ? items.at(-1).id : null };
}

export async function insertItem({ category, name, price_cents, stock }) {
  const [item] = await rows(INSERT, [category, name, price_cents, stock]);
  return item;
}

/** Writes `item` if its version is still the stored one; otherwise nothing, and returns nothing. */
export async function updateItem({ id, version, name, price_cents, stock }) {
  const [item] = await rows(UPDATE, [id, version, name, price_cents, stock]);
  return item;
}
