// What clients send as a body, for the server and for a page.
import { INTEGER_MAX, object, text } from './schemas.js';

const CATEGORIES = [
  'books', 'garden', 'games', 'music', 'tools', 'toys', 'sports', 'office', 'kitchen', 'travel',
];

const name = { ...text, minLength: 1, maxLength: 200 };
const price_cents = { type: 'integer', minimum: 0, maximum: 100_000_000 };
const stock = { type: 'integer', minimum: 0, maximum: 1_000_000 };
const version = { type: 'integer', minimum: 1, maximum: INTEGER_MAX };

export const newItem = object(
  { category: { type: 'string', enum: CATEGORIES }, name, price_cents, stock: { ...stock, default: 0 } },
  ['category', 'name', 'price_cents'],
);

export const itemChange = object({ version, name, price_cents, stock }, ['version']);

export const newOrder = object(
  {
    item_id: { type: 'integer', minimum: 1, maximum: INTEGER_MAX },
    quantity: { type: 'integer', minimum: 1, maximum: 20 },
  },
  ['item_id', 'quantity'],
);

export const credentials = object({ username: text, password: text }, ['username', 'password']);

export const computation = object({ n: { type: 'integer', minimum: 1, maximum: 100_000 } }, ['n']);
