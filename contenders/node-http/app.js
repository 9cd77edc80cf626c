// Finds the handler of a request, and turns what it throws into an answer.
import { manyRoutes } from './many.js';
import { sendProblem } from './message.js';
import { Problem } from './problem.js';
import { createItem, listItems, readItem, updateItem } from './item-routes.js';
import { compute, fanOut, health, json, login, page, wait } from './routes.js';
import { upgradeRequired } from './sockets.js';
import { download, events, upload } from './streams.js';

const ROUTES = {
  'GET /health': health,
  'GET /json': json,
  'GET /items': listItems,
  'POST /items': createItem,
  'GET /page': page,
  'GET /wait': wait,
  'GET /fan-out': fanOut,
  'POST /compute': compute,
  'POST /login': login,
  'POST /upload': upload,
  'GET /download': download,
  'GET /events': events,
  'GET /socket': upgradeRequired,
  ...manyRoutes(),
};

const ITEM_ROUTES = {
  GET: readItem,
  PATCH: updateItem,
};

const ITEM_PATH = /^\/items\/([^/]+)$/;

function route(verb, path) {
  const method = verb === 'HEAD' ? 'GET' : verb; // node:http leaves the body of the answer out
  const handler = ROUTES[`${method} ${path}`];
  if (handler) return { handler };
  const item = ITEM_PATH.exec(path);
  return { handler: item && ITEM_ROUTES[method], id: item?.[1] };
}

export async function handle(req, res) {
  try {
    const [path, search] = req.url.split('?', 2);
    const { handler, id } = route(req.method, path);
    if (!handler) throw new Problem(404);
    await handler(req, res, { id, query: new URLSearchParams(search) });
  } catch (error) {
    answerError(res, error);
  }
}

// A client that leaves while it sends or receives is no error of ours.
const CLIENT_LEFT = ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'];

function answerError(res, error) {
  if (res.destroyed && CLIENT_LEFT.includes(error.code)) return;
  const known = error instanceof Problem;
  if (!known) console.error(error);
  if (res.headersSent || res.destroyed) res.destroy();
  else sendProblem(res, known ? error : new Problem(500));
}
