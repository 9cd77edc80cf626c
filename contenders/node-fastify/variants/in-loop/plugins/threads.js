// `app.threads` without a thread: computing runs in the event loop, which answers nobody else meanwhile.
import fp from 'fastify-plugin';
import { longestChain } from '../collatz.js';

export default fp(async function threads(app) {
  app.decorate('threads', { run: async (n) => longestChain(n) });
});
