// Real work before each request of an HTTP server in this process: a hash of BAKEOFF_EXTRA_BYTES bytes. `bakeoff selftest --field`
// loads it with NODE_OPTIONS into one copy of a contender.
const { createHash } = require('node:crypto');
const { Server } = require('node:http');

const block = Buffer.alloc(Number(process.env.BAKEOFF_EXTRA_BYTES));
const { emit } = Server.prototype;

Server.prototype.emit = function emitAfterWork(event, ...rest) {
  if (event === 'request') createHash('sha256').update(block).digest();
  return emit.call(this, event, ...rest);
};
