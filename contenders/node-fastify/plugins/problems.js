// Errors as problem documents, RFC 9457.
import { STATUS_CODES } from 'node:http';
import fp from 'fastify-plugin';

function send(reply, status, { detail, errors } = {}) {
  return reply
    .code(status)
    .type('application/problem+json')
    .send({ type: 'about:blank', title: STATUS_CODES[status], status, detail, errors });
}

/** What ajv found wrong, by field; what it says of the body as a whole names none. */
function fieldErrors(validation) {
  return validation
    .map(({ instancePath, params, message }) => ({ field: instancePath.split('/')[1] ?? params.missingProperty, message }))
    .filter(({ field }) => field !== undefined);
}

/** Fastify refuses a path with a broken escape, as in `/items/%ZZ`, before it looks for a route. */
export function answerFrameworkError(_error, _request, reply) {
  send(reply, 404);
}

export default fp(async function problems(app) {
  app.setNotFoundHandler((_request, reply) => send(reply, 404));

  app.setErrorHandler((error, request, reply) => {
    const { validation, validationContext, statusCode = 500, message } = error;
    // Fastify reads a body before it answers 404. And an id that is no id is no path of ours.
    if (request.is404 || validationContext === 'params') return send(reply, 404);
    if (validation) return send(reply, 422, { detail: message, errors: fieldErrors(validation) });
    if (statusCode >= 500 && !reply.raw.destroyed) request.log.error(error); // no error of ours where the client has left
    if (statusCode === 500) return send(reply, 500);
    return send(reply, statusCode, { detail: message, errors: statusCode === 422 ? [] : undefined });
  });
});
