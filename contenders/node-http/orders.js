// The tables of orders. Each function takes the connection of the transaction that it is a part of.
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

/** What an order needs of the item, which nobody else can change until the transaction ends. */
export async function lockItem(client, id) {
  const { rows } = await client.query({ ...LOCK_ITEM, values: [id] });
  return rows[0];
}

/** Writes an order with one line, and takes its quantity from the item's stock. */
export async function insertOrder(client, { username, item_id, quantity, price_cents }) {
  const total_cents = quantity * price_cents;
  const { rows } = await client.query({ ...INSERT_ORDER, values: [username, total_cents] });
  const [{ id }] = rows;
  await client.query({ ...INSERT_LINE, values: [id, item_id, quantity, price_cents] });
  await client.query({ ...TAKE_STOCK, values: [item_id, quantity] });
  return { id, item_id, quantity, price_cents, total_cents };
}
