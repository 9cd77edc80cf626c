import Joi from 'joi';
import { text } from '../validation.js';

const PAGE_SIZE = 20;

function inUnits(cents) {
  return (cents / 100).toFixed(2);
}

export const page = {
  name: 'page',
  register(server) {
    server.route({
      method: 'GET',
      path: '/page',
      options: { validate: { query: Joi.object({ category: text() }) } },
      async handler(request, h) {
        const { category } = request.query;
        const { items } = await server.items.list({ category, after: 0, limit: PAGE_SIZE });
        return h.view('page', {
          title: `Items in ${category ?? 'all categories'}`,
          items: items.map((item) => ({ ...item, price: inUnits(item.price_cents) })),
        });
      },
    });
  },
};
