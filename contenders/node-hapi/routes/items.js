import Boom from '@hapi/boom';
import Joi from 'joi';
import { digits, integer, INTEGER_MAX, text } from '../validation.js';

const CATEGORIES = [
  'books', 'garden', 'games', 'music', 'tools', 'toys', 'sports', 'office', 'kitchen', 'travel',
];

const name = text(1, 200);
const price_cents = integer(0, 100_000_000);
const stock = integer(0, 1_000_000);

const params = Joi.object({ id: digits(1, INTEGER_MAX).required() });

const listQuery = Joi.object({
  category: text(),
  limit: digits(1, 100).default(20),
  after: digits(0, INTEGER_MAX).default(0),
});
const newItem = Joi.object({
  category: Joi.valid(...CATEGORIES).required(),
  name: name.required(),
  price_cents: price_cents.required(),
  stock: stock.default(0),
}).required();
const change = Joi.object({ version: integer(1, INTEGER_MAX).required(), name, price_cents, stock })
  .or('name', 'price_cents', 'stock')
  .required();

async function findItem(request) {
  const item = await request.server.items.find(request.params.id);
  if (!item) throw Boom.notFound();
  return item;
}

async function createItem(request, h) {
  const item = await request.server.items.insert(request.payload);
  return h.response(item).created(`/items/${item.id}`);
}

async function updateItem(request) {
  const { version, ...fields } = request.payload;
  const { item } = request.pre;
  const updated = item.version === version && (await request.server.items.update({ ...item, ...fields }));
  if (!updated) throw Boom.conflict('the item has changed since that version');
  return updated;
}

export const items = {
  name: 'items',
  register(server) {
    server.route([
      {
        method: 'GET',
        path: '/items',
        options: { validate: { query: listQuery } },
        handler: (request) => server.items.list(request.query),
      },
      { method: 'GET', path: '/items/{id}', options: { validate: { params } }, handler: findItem },
      { method: 'POST', path: '/items', options: { validate: { payload: newItem } }, handler: createItem },
      {
        method: 'PATCH',
        path: '/items/{id}',
        options: { validate: { params, payload: change }, pre: [{ method: findItem, assign: 'item' }] },
        handler: updateItem,
      },
    ]);
  },
};

export { newItem, change }; // a page checks by them too
