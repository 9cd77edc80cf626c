// What the thread beside the event loop runs.
export { longestChain as default } from './collatz.js';
