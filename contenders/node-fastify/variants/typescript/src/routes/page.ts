import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { object, text } from '../schemas.ts';

const PAGE_SIZE = 20;
const schema = { querystring: object({ category: Type.Optional(text()) }) };

const page: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/page', { schema }, async (request, reply) => {
    const { category } = request.query;
    const { items } = await app.items.list({ category, after: 0, limit: PAGE_SIZE });
    return reply.viewAsync('page.eta', { title: `Items in ${category ?? 'all categories'}`, items });
  });
};

export default page;
