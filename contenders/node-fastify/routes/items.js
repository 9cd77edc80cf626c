import { itemChange, newItem } from '../bodies.js';
import { digits, INTEGER_MAX, object, text } from '../schemas.js';

const params = object({ id: digits(1, INTEGER_MAX) }, ['id']);

const item = object({
  id: { type: 'integer' },
  category: { type: 'string' },
  name: { type: 'string' },
  price_cents: { type: 'integer' },
  stock: { type: 'integer' },
  version: { type: 'integer' },
});

const listSchema = {
  querystring: object({
    category: text,
    limit: { ...digits(1, 100), default: '20' },
    after: { ...digits(0, INTEGER_MAX), default: '0' },
  }),
  response: {
    200: object({ items: { type: 'array', items: item }, next: { type: 'integer', nullable: true } }),
  },
};

const createSchema = { body: newItem, response: { 201: item } };

const updateSchema = { params, body: itemChange, response: { 200: item } };

export default async function items(app) {
  app.get('/items', { schema: listSchema }, async (request) => app.items.list(request.query));

  app.get('/items/:id', { schema: { params, response: { 200: item } } }, async (request) => {
    const found = await app.items.find(request.params.id);
    if (!found) throw app.httpErrors.notFound();
    return found;
  });

  app.post('/items', { schema: createSchema }, async (request, reply) => {
    const created = await app.items.insert(request.body);
    reply.code(201).header('location', `/items/${created.id}`);
    return created;
  });

  app.patch('/items/:id', { schema: updateSchema }, async (request) => {
    const { version, ...change } = request.body;
    if (Object.keys(change).length === 0) {
      throw app.httpErrors.unprocessableEntity('give name, price_cents or stock');
    }
    const stored = await app.items.find(request.params.id);
    if (!stored) throw app.httpErrors.notFound();
    const updated = stored.version === version && (await app.items.update({ ...stored, ...change }));
    if (!updated) throw app.httpErrors.conflict('the item has changed since that version');
    return updated;
  });
}
