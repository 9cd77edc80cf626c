// Finds the route of a request, asks for its token, and turns what it throws into a problem document.
import { logResponse } from './access-log.js';
import { authenticate } from './auth.js';
import { createItem, listItems, readItem, updateItem } from './item-routes.js';
import { log } from './log.js';
import { manyRoutes } from './many.js';
import { SECURITY_HEADERS, sendProblem, splitTarget } from './message.js';
import { placeOrder } from './order-routes.js';
import { Problem } from './problem.js';
import { Router } from './router.js';
import { compute, fanOut, health, json, login, page, wait } from './routes.js';
import { socket } from './sockets.js';
import { download, events, upload } from './streams.js';

const OPEN = { open: true }; // asks for no token

const ROUTES = [
  ['GET', '/health', health, OPEN],
  ['POST', '/login', login, OPEN],
  ['GET', '/json', json],
  ['GET', '/items', listItems],
  ['POST', '/items', createItem],
  ['GET', '/items/:id', readItem],
  ['PATCH', '/items/:id', updateItem],
  ['POST', '/orders', placeOrder],
  ['GET', '/page', page],
  ['GET', '/wait', wait],
  ['GET', '/fan-out', fanOut],
  ['POST', '/compute', compute],
  ['POST', '/upload', upload],
  ['GET', '/download', download],
  ['GET', '/events', events],
  ['GET', '/socket', socket],
  ...manyRoutes(),
];

const router = new Router();
for (const [method, path, handler, options] of ROUTES) router.add(method, path, { handler, ...options });

export async function handle(req, res) {
  const { path, search } = splitTarget(req.url);
  const visit = { path, user: null };
  logResponse(req, res, visit);
  res.setHeaders(SECURITY_HEADERS);
  try {
    await respond(req, res, visit, search);
  } catch (error) {
    respondWithError(res, error);
  }
}

async function respond(req, res, visit, search) {
  const found = router.find(visit.path);
  if (!found) throw new Problem(404);
  const route = found.routes.get(req.method);
  if (!route) return refuseMethod(req, res, [...found.routes.keys()].join(', '));
  if (!route.open) visit.user = await authenticate(req);
  await route.handler(req, res, { params: found.params, query: new URLSearchParams(search), user: visit.user });
}

/** OPTIONS asks which methods there are; what else is not among them is refused. */
function refuseMethod(req, res, allow) {
  if (req.method !== 'OPTIONS') throw new Problem(405, { headers: { Allow: allow } });
  res.writeHead(204, { Allow: allow }).end();
}

// A client that leaves while it sends or receives is no error of ours.
const CLIENT_LEFT = ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'];

function respondWithError(res, error) {
  if (res.destroyed && CLIENT_LEFT.includes(error.code)) return;
  const known = error instanceof Problem;
  if (!known) log.error(error);
  if (res.headersSent || res.destroyed) res.destroy();
  else sendProblem(res, known ? error : new Problem(500));
}
