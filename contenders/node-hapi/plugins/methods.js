// Requests for which no route was found: 404, or 405 and what OPTIONS asks for if the path has other methods.
import Boom from '@hapi/boom';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

function refuse(request, h) {
  const { server, path } = request;
  const allow = METHODS.filter((method) => server.match(method, path).path !== request.route.path);
  if (allow.length === 0) throw Boom.notFound();
  if (request.method !== 'options') throw Boom.methodNotAllowed(null, null, allow);
  return h.response().code(204).header('allow', allow.join(', '));
}

/** A path with a broken escape, as in `/items/%ZZ`, names nothing; hapi would find it a bad request. */
function checkPath({ path }, h) {
  try {
    decodeURIComponent(path);
  } catch {
    throw Boom.notFound();
  }
  return h.continue;
}

export const methods = {
  name: 'methods',
  register(server) {
    server.ext('onRequest', checkPath);
    server.route({
      method: '*',
      path: '/{path*}',
      options: { auth: false, payload: { parse: false, failAction: 'ignore' } }, // with any body
      handler: refuse,
    });
  },
};
