// `app.threads`: computing has a thread beside the event loop, which answers everybody else meanwhile. There is a
// process for each core, so each needs one thread.
import fp from 'fastify-plugin';
import { Piscina } from 'piscina';
import type { Chain } from '../collatz.ts';

export default fp(async function threads(app) {
  const pool = new Piscina<number, Chain>({
    filename: new URL('../collatz.ts', import.meta.url).href,
    name: 'longestChain',
    maxThreads: 1,
  });
  app.decorate('threads', pool);
  app.addHook('onClose', () => pool.destroy());
});
