import { transaction } from './database.js';
import { readJson, sendJson } from './message.js';
import * as orders from './orders.js';
import { Problem } from './problem.js';
import { checkBody, INTEGER_MAX, wholeNumber } from './validation.js';

export const NEW_ORDER = {
  item_id: wholeNumber(1, INTEGER_MAX),
  quantity: wholeNumber(1, 20),
};

export async function placeOrder(req, res, { user }) {
  const { item_id, quantity } = checkBody(NEW_ORDER, await readJson(req));
  const order = await transaction(async (client) => {
    const item = await orders.lockItem(client, item_id);
    if (!item) throw new Problem(422, { errors: [{ field: 'item_id', message: 'there is no such item' }] });
    if (item.stock < quantity) throw new Problem(409, { detail: 'there is not that much in stock' });
    return orders.insertOrder(client, { username: user, item_id, quantity, price_cents: item.price_cents });
  });
  sendJson(res, order, { status: 201 });
}
