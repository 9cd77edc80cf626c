// Further routes, as many as BAKEOFF_ROUTES says, registered one by one: what the routes of a large application cost.
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { object } from '../schemas.ts';

interface Route {
  Params: { id: string };
}

const schema = { response: { 200: object({ route: Type.Integer(), id: Type.String() }) } };

const many: FastifyPluginAsyncTypebox = async (app) => {
  for (let route = 1; route <= Number(process.env.BAKEOFF_ROUTES ?? 0); route += 1) {
    app.get<Route>(`/routes/${route}/:id`, { schema }, async (request) => ({ route, id: request.params.id }));
  }
};

export default many;
