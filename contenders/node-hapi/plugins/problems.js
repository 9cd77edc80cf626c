// Errors as problem documents, RFC 9457, and what went wrong as JSON lines on stderr.
import { STATUS_CODES } from 'node:http';
import { log } from '../log.js';

function toProblem({ response }, h) {
  if (!response.isBoom) return h.continue;

  const { statusCode: status, headers } = response.output;
  const problem = {
    type: 'about:blank',
    title: STATUS_CODES[status],
    status,
    detail: response.isServer ? undefined : response.message,
    errors: status === 422 ? (response.data?.errors ?? []) : undefined,
  };
  const answer = h.response(problem).code(status).type('application/problem+json');
  for (const [name, value] of Object.entries(headers)) answer.header(name, value);
  return answer;
}

export const problems = {
  name: 'problems',
  register(server) {
    server.ext('onPreResponse', toProblem);
    // What the framework finds, and what the service says by `request.log` and `server.log`.
    server.events.on({ name: 'request', channels: ['error', 'app'] }, (_request, { error, tags }) => log.error(error, tags[0]));
    server.events.on({ name: 'log', channels: 'app' }, ({ error, tags }) => log.error(error, tags[0]));
  },
};
