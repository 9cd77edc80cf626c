// Computing has a thread beside the event loop, which answers everybody else meanwhile. There is a process for each core,
// so each needs one thread.
import { Piscina } from 'piscina';

export const threads = new Piscina({
  filename: new URL('collatz.js', import.meta.url).href,
  name: 'longestChain',
  maxThreads: 1,
});
