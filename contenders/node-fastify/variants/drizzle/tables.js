// The tables, as Drizzle declares them. Others create and fill them.
import { integer, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

export const items = pgTable('items', {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  category: text().notNull(),
  name: text().notNull(),
  price_cents: integer().notNull(),
  stock: integer().notNull(),
  version: integer().notNull(),
});

export const users = pgTable('users', {
  username: text().primaryKey(),
  salt: text().notNull(),
  hash: text().notNull(),
});

export const orders = pgTable('orders', {
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  username: text().notNull(),
  total_cents: integer().notNull(),
  placed_at: timestamp({ withTimezone: true }).notNull().defaultNow(),
});

export const orderLines = pgTable(
  'order_lines',
  {
    order_id: integer().notNull().references(() => orders.id),
    item_id: integer().notNull().references(() => items.id),
    quantity: integer().notNull(),
    price_cents: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.order_id, table.item_id] })],
);
