// Further routes, as many as BAKEOFF_ROUTES says and registered one by one: what the table of routes of a large application costs.
import { object } from '../schemas.js';

const schema = { response: { 200: object({ route: { type: 'integer' } }) } };

export default async function many(app) {
  for (let route = 1; route <= Number(process.env.BAKEOFF_ROUTES ?? 0); route += 1) {
    app.get(`/routes/${route}`, { schema }, async () => ({ route }));
  }
}
