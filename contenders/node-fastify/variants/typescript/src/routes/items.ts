import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  digits, INTEGER_MAX, item, itemFilter, itemPage, name, newItem, object, priceCents, stock,
} from '../schemas.ts';

const params = object({ id: digits(1, INTEGER_MAX) });

const change = object({
  version: Type.Integer({ minimum: 1, maximum: INTEGER_MAX }),
  name: Type.Optional(name),
  price_cents: Type.Optional(priceCents),
  stock: Type.Optional(stock()),
});

const listSchema = { querystring: itemFilter, response: { 200: itemPage } };
const readSchema = { params, response: { 200: item } };
const createSchema = { body: newItem, response: { 201: item } };
const updateSchema = { params, body: change, response: { 200: item } };

const items: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/items', { schema: listSchema }, async (request) => app.items.list(request.query));

  app.get('/items/:id', { schema: readSchema }, async (request) => {
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
    const { version, ...changes } = request.body;
    if (Object.keys(changes).length === 0) {
      throw app.httpErrors.unprocessableEntity('give name, price_cents or stock');
    }
    const stored = await app.items.find(request.params.id);
    if (!stored) throw app.httpErrors.notFound();
    const updated = stored.version === version && (await app.items.update({ ...stored, ...changes }));
    if (!updated) throw app.httpErrors.conflict('the item has changed since that version');
    return updated;
  });
};

export default items;
