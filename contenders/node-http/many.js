// Further routes, as many as BAKEOFF_ROUTES says and registered one by one: what the table of routes of a large application costs.
import { sendJson } from './message.js';

export function manyRoutes() {
  const routes = {};
  for (let route = 1; route <= Number(process.env.BAKEOFF_ROUTES ?? 0); route += 1) {
    routes[`GET /routes/${route}`] = (_req, res) => sendJson(res, { route });
  }
  return routes;
}
