import { object, text } from '../schemas.js';

const PAGE_SIZE = 20;
const schema = { querystring: object({ category: text }) };

export default async function page(app) {
  app.get('/page', { schema }, async (request, reply) => {
    const { category } = request.query;
    const { items } = await app.items.list({ category, after: 0, limit: PAGE_SIZE });
    return reply.viewAsync('page.eta', { title: `Items in ${category ?? 'all categories'}`, items });
  });
}
