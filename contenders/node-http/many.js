// Further routes, as many as BAKEOFF_ROUTES says and registered one by one: what the routes of a large application cost.
import { sendJson } from './message.js';

export function manyRoutes() {
  const routes = [];
  for (let route = 1; route <= Number(process.env.BAKEOFF_ROUTES ?? 0); route += 1) {
    routes.push(['GET', `/routes/${route}/:id`, (_req, res, { params }) => sendJson(res, { route, id: params.id })]);
  }
  return routes;
}
