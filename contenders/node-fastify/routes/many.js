// Further routes, as many as BAKEOFF_ROUTES says and registered one by one: what the routes of a large application cost.
import { object } from '../schemas.js';

const schema = { response: { 200: object({ route: { type: 'integer' }, id: { type: 'string' } }) } };

export default async function many(app) {
  for (let route = 1; route <= Number(process.env.BAKEOFF_ROUTES ?? 0); route += 1) {
    app.get(`/routes/${route}/:id`, { schema }, async (request) => ({ route, id: request.params.id }));
  }
}
