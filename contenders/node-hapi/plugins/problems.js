// Errors as problem documents, RFC 9457, and to stderr where they are ours.
import { STATUS_CODES } from 'node:http';
import Boom from '@hapi/boom';

function toProblem(request, h) {
  const { response } = request;
  if (!response.isBoom) return h.continue;

  // hapi's own route for paths that name nothing; a broken escape, as in `/items/%ZZ`, would be a 400 there.
  const error = request.route.method === '_special' ? Boom.notFound() : response;
  const { statusCode: status, headers } = error.output;
  const problem = {
    type: 'about:blank',
    title: STATUS_CODES[status],
    status,
    detail: error.isServer ? undefined : error.message,
    errors: status === 422 ? (error.data?.errors ?? []) : undefined,
  };
  const answer = h.response(problem).code(status).type('application/problem+json');
  for (const [name, value] of Object.entries(headers)) answer.header(name, value);
  return answer;
}

export const problems = {
  name: 'problems',
  register(server) {
    server.ext('onPreResponse', toProblem);
    server.events.on({ name: 'request', channels: ['error', 'app'] }, (_request, { error }) => console.error(error));
  },
};
