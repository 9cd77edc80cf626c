import Boom from '@hapi/boom';
import Joi from 'joi';
import { integer, INTEGER_MAX } from '../validation.js';

const newOrder = Joi.object({
  item_id: integer(1, INTEGER_MAX).required(),
  quantity: integer(1, 20).required(),
}).required();

async function placeOrder(request, h) {
  const { server, auth } = request;
  const { item_id, quantity } = request.payload;
  const order = await server.transaction(async (client) => {
    const item = await server.orders.lockItem(client, item_id);
    if (!item) throw Boom.badData('invalid fields', { errors: [{ field: 'item_id', message: 'there is no such item' }] });
    if (item.stock < quantity) throw Boom.conflict('there is not that much in stock');
    const { price_cents } = item;
    return server.orders.insert(client, { username: auth.credentials.sub, item_id, quantity, price_cents });
  });
  return h.response(order).code(201);
}

export const orders = {
  name: 'orders',
  register(server) {
    server.route({
      method: 'POST',
      path: '/orders',
      options: { validate: { payload: newOrder } },
      handler: placeOrder,
    });
  },
};

export { newOrder }; // a page checks by them too
