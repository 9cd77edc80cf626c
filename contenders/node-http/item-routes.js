import * as items from './items.js';
import { readJson, sendJson } from './message.js';
import { Problem } from './problem.js';
import {
  checkBody, checkId, checkQuery, digits, INTEGER_MAX, oneOf, optional, text, wholeNumber,
} from './validation.js';

const CATEGORIES = [
  'books', 'garden', 'games', 'music', 'tools', 'toys', 'sports', 'office', 'kitchen', 'travel',
];

const NAME = text(1, 200);
const PRICE_CENTS = wholeNumber(0, 100_000_000);
const STOCK = wholeNumber(0, 1_000_000);

const LIST_QUERY = {
  category: optional(text()),
  limit: optional(digits(1, 100), 20),
  after: optional(digits(0, INTEGER_MAX), 0),
};
export const NEW_ITEM = {
  category: oneOf(CATEGORIES),
  name: NAME,
  price_cents: PRICE_CENTS,
  stock: optional(STOCK, 0),
};
export const CHANGE = {
  version: wholeNumber(1, INTEGER_MAX),
  name: optional(NAME),
  price_cents: optional(PRICE_CENTS),
  stock: optional(STOCK),
};

export async function listItems(_req, res, { query }) {
  sendJson(res, await items.listItems(checkQuery(LIST_QUERY, query)));
}

export async function readItem(_req, res, { params }) {
  const item = await items.findItem(checkId(params.id));
  if (!item) throw new Problem(404);
  sendJson(res, item);
}

export async function createItem(req, res) {
  const item = await items.insertItem(checkBody(NEW_ITEM, await readJson(req)));
  sendJson(res, item, { status: 201, headers: { Location: `/items/${item.id}` } });
}

export async function updateItem(req, res, { params }) {
  const id = checkId(params.id);
  const { version, ...change } = checkBody(CHANGE, await readJson(req));
  if (Object.values(change).every((value) => value === undefined)) {
    throw new Problem(422, { detail: 'nothing to change: give name, price_cents or stock', errors: [] });
  }
  const item = await items.findItem(id);
  if (!item) throw new Problem(404);
  const updated = item.version === version && (await items.updateItem(merge(item, change)));
  if (!updated) throw new Problem(409, { detail: 'the item has changed since that version' });
  sendJson(res, updated);
}

/** `item` with the values of `change` that are given. */
function merge(item, { name = item.name, price_cents = item.price_cents, stock = item.stock }) {
  return { ...item, name, price_cents, stock };
}
