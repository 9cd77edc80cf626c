import express from 'express';
import createError from 'http-errors';
import { z } from 'zod';
import { transaction } from '../database.js';
import { otherMethods } from '../methods.js';
import * as store from '../orders.js';
import { check, INTEGER_MAX, jsonBody } from '../validate.js';

const NewOrder = z.object({
  item_id: z.int().min(1).max(INTEGER_MAX),
  quantity: z.int().min(1).max(20),
});

export const orders = express.Router();

async function placeOrder(req, res) {
  const { item_id, quantity } = check(NewOrder, req.body);
  const order = await transaction(async (client) => {
    const item = await store.lockItem(client, item_id);
    if (!item) {
      throw createError(422, 'invalid fields', { errors: [{ field: 'item_id', message: 'there is no such item' }] });
    }
    if (item.stock < quantity) throw createError(409, 'there is not that much in stock');
    const { price_cents } = item;
    return store.insertOrder(client, { username: req.user.sub, item_id, quantity, price_cents });
  });
  res.status(201).json(order);
}

orders.route('/').post(jsonBody, placeOrder).all(otherMethods);

export { NewOrder }; // a page checks by them too
