// Errors as problem documents, RFC 9457.
import { STATUS_CODES } from 'node:http';
import sensible from '@fastify/sensible';
import fp from 'fastify-plugin';
import { fieldErrors } from '../ajv.js';

function send(reply, status, { detail, errors } = {}) {
  return reply
    .code(status)
    .type('application/problem+json')
    .send({ type: 'about:blank', title: STATUS_CODES[status], status, detail, errors });
}

/** Where no route was found: 404, or 405 and what OPTIONS asks for if the path has other methods. */
function answerNotFound(request, reply) {
  const methods = request.server.methodsAt(request.raw.url);
  if (methods.length === 0) return send(reply, 404);
  reply.header('allow', methods.join(', '));
  return request.method === 'OPTIONS' ? reply.code(204).send() : send(reply, 405);
}

/** Fastify refuses a path with a broken escape, as in `/items/%ZZ`, before it looks for a route or runs a hook. */
export function answerFrameworkError(_error, request, reply) {
  reply.headers({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer' });
  reply.raw.once('finish', () => request.server.logResponse(request, reply));
  send(reply, 404);
}

export default fp(
  async function problems(app) {
    await app.register(sensible);

    app.setNotFoundHandler(answerNotFound);

    app.setErrorHandler((error, request, reply) => {
      const { validation, validationContext, statusCode = 500, message, errors = [] } = error;
      if (request.is404) return answerNotFound(request, reply); // Fastify reads a body before it answers 404
      if (validationContext === 'params') return send(reply, 404); // an id that is no id is no path of ours
      if (validation) return send(reply, 422, { detail: message, errors: fieldErrors(validation) });
      if (statusCode >= 500 && !reply.raw.destroyed) request.log.error(error); // no error of ours where the client has left
      if (statusCode === 500) return send(reply, 500);
      return send(reply, statusCode, { detail: message, errors: statusCode === 422 ? errors : undefined });
    });
  },
  { name: 'problems', dependencies: ['methods'] },
);
