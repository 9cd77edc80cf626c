import express from 'express';
import createError from 'http-errors';
import { z } from 'zod';
import * as store from '../items.js';
import { otherMethods } from '../methods.js';
import { check, digits, INTEGER_MAX, jsonBody, text } from '../validate.js';

const CATEGORIES = [
  'books', 'garden', 'games', 'music', 'tools', 'toys', 'sports', 'office', 'kitchen', 'travel',
];

const Id = digits(1, INTEGER_MAX);
const Name = text(1, 200);
const PriceCents = z.int().min(0).max(100_000_000);
const Stock = z.int().min(0).max(1_000_000);

const ListQuery = z.object({
  category: text().optional(),
  limit: digits(1, 100).default(20),
  after: digits(0, INTEGER_MAX).default(0),
});
const NewItem = z.object({
  category: z.enum(CATEGORIES),
  name: Name,
  price_cents: PriceCents,
  stock: Stock.default(0),
});
const Change = z
  .object({
    version: z.int().min(1).max(INTEGER_MAX),
    name: Name.optional(),
    price_cents: PriceCents.optional(),
    stock: Stock.optional(),
  })
  .refine(({ version: _, ...fields }) => Object.keys(fields).length > 0, 'give name, price_cents or stock');

export const items = express.Router();

// An id that is no id is no path of ours.
items.param('id', (req, _res, next, segment) => {
  const id = Id.safeParse(segment);
  if (!id.success) return next(createError(404));
  req.itemId = id.data;
  next();
});

items
  .route('/')
  .get(async (req, res) => {
    res.json(await store.listItems(check(ListQuery, req.query)));
  })
  .post(jsonBody, async (req, res) => {
    const item = await store.insertItem(check(NewItem, req.body));
    res.status(201).location(`/items/${item.id}`).json(item);
  })
  .all(otherMethods);

items
  .route('/:id')
  .get(async (req, res) => {
    const item = await store.findItem(req.itemId);
    if (!item) throw createError(404);
    res.json(item);
  })
  .patch(jsonBody, async (req, res) => {
    const { version, ...change } = check(Change, req.body);
    const item = await store.findItem(req.itemId);
    if (!item) throw createError(404);
    const updated = item.version === version && (await store.updateItem({ ...item, ...change }));
    if (!updated) throw createError(409, 'the item has changed since that version');
    res.json(updated);
  })
  .all(otherMethods);

export { Change, NewItem }; // a page checks by them too
