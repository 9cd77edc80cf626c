// The tables as decorators: `app.items`, `app.users` and `app.orders`, and `app.db` for transactions. Drizzle shares the
// pool of @fastify/postgres. Its prepared statements have names, so PostgreSQL prepares each once per connection.
import postgres from '@fastify/postgres';
import { and, eq, gt, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import fp from 'fastify-plugin';
import { items, orderLines, orders, users } from '../tables.js';

const given = (name) => sql.placeholder(name); // a value that comes with each execution

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

  const db = drizzle({ client: app.pg.pool });
  app.decorate('db', db);

  const findItem = db.select().from(items).where(eq(items.id, given('id'))).prepare('find-item');
  const listItems = db
    .select()
    .from(items)
    .where(gt(items.id, given('after')))
    .orderBy(items.id)
    .limit(given('limit'))
    .prepare('list-items');
  const listCategory = db
    .select()
    .from(items)
    .where(and(gt(items.id, given('after')), eq(items.category, given('category'))))
    .orderBy(items.id)
    .limit(given('limit'))
    .prepare('list-items-of-category');
  const insertItem = db
    .insert(items)
    .values({
      category: given('category'),
      name: given('name'),
      price_cents: given('price_cents'),
      stock: given('stock'),
      version: 1,
    })
    .returning()
    .prepare('insert-item');
  const updateItem = db
    .update(items)
    .set({
      name: given('name'),
      price_cents: given('price_cents'),
      stock: given('stock'),
      version: sql`${items.version} + 1`,
    })
    .where(and(eq(items.id, given('id')), eq(items.version, given('version'))))
    .returning()
    .prepare('update-item');
  const findUser = db.select().from(users).where(eq(users.username, given('username'))).prepare('find-user');

  async function first(statement, values) {
    const [row] = await statement.execute(values);
    return row;
  }

  app.decorate('items', {
    find: (id) => first(findItem, { id }),

    /** At most `limit` items with an id above `after`, and the id to go on from if there are more. */
    async list({ category, after, limit }) {
      // One row more than asked for tells whether another page follows.
      const statement = category === undefined ? listItems : listCategory;
      const found = await statement.execute({ category, after, limit: limit + 1 });
      const page = found.slice(0, limit);
      return { items: page, next: found.length > limit ? page.at(-1).id : null };
    },

    insert: (item) => first(insertItem, item),

    /** Writes the item if its version is still the stored one; otherwise nothing, and returns nothing. */
    update: (item) => first(updateItem, item),
  });

  app.decorate('users', {
    find: (username) => first(findUser, { username }),
  });

  // Both take the transaction that they are a part of.
  app.decorate('orders', {
    /** What an order needs of the item, which nobody else can change until the transaction ends. */
    lockItem(tx, id) {
      const query = tx
        .select({ price_cents: items.price_cents, stock: items.stock })
        .from(items)
        .where(eq(items.id, id))
        .for('update');
      return first(query.prepare('lock-item'));
    },

    /** Writes an order with one line, and takes its quantity from the item's stock. */
    async insert(tx, { username, item_id, quantity, price_cents }) {
      const total_cents = quantity * price_cents;
      const order = tx.insert(orders).values({ username, total_cents }).returning({ id: orders.id });
      const { id } = await first(order.prepare('insert-order'));
      const line = tx.insert(orderLines).values({ order_id: id, item_id, quantity, price_cents });
      await line.prepare('insert-order-line').execute();
      const taken = tx
        .update(items)
        .set({ stock: sql`${items.stock} - ${quantity}`, version: sql`${items.version} + 1` })
        .where(eq(items.id, item_id));
      await taken.prepare('take-stock').execute();
      return { id, item_id, quantity, price_cents, total_cents };
    },
  });
});
