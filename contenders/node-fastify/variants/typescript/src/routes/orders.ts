import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { INTEGER_MAX, object, order } from '../schemas.ts';

const schema = {
  body: object({
    item_id: Type.Integer({ minimum: 1, maximum: INTEGER_MAX }),
    quantity: Type.Integer({ minimum: 1, maximum: 20 }),
  }),
  response: { 201: order },
};

const orders: FastifyPluginAsyncTypebox = async (app) => {
  function unknownItem(): Error {
    const error = app.httpErrors.unprocessableEntity('invalid fields');
    return Object.assign(error, { errors: [{ field: 'item_id', message: 'there is no such item' }] });
  }

  app.post('/orders', { schema }, async (request, reply) => {
    const { item_id, quantity } = request.body;
    const placed = await app.pg.transact(async (client) => {
      const item = await app.orders.lockItem(client, item_id);
      if (!item) throw unknownItem();
      if (item.stock < quantity) throw app.httpErrors.conflict('there is not that much in stock');
      const { price_cents } = item;
      return app.orders.insert(client, { username: request.user.sub, item_id, quantity, price_cents });
    });
    reply.code(201);
    return placed;
  });
};

export default orders;
