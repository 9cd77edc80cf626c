import { newOrder } from '../bodies.js';
import { object } from '../schemas.js';

const integer = { type: 'integer' };

const schema = {
  body: newOrder,
  response: {
    201: object({ id: integer, item_id: integer, quantity: integer, price_cents: integer, total_cents: integer }),
  },
};

export default async function orders(app) {
  function unknownItem() {
    const error = app.httpErrors.unprocessableEntity('invalid fields');
    return Object.assign(error, { errors: [{ field: 'item_id', message: 'there is no such item' }] });
  }

  app.post('/orders', { schema }, async (request, reply) => {
    const { item_id, quantity } = request.body;
    const order = await app.pg.transact(async (client) => {
      const item = await app.orders.lockItem(client, item_id);
      if (!item) throw unknownItem();
      if (item.stock < quantity) throw app.httpErrors.conflict('there is not that much in stock');
      const { price_cents } = item;
      return app.orders.insert(client, { username: request.user.sub, item_id, quantity, price_cents });
    });
    reply.code(201);
    return order;
  });
}
