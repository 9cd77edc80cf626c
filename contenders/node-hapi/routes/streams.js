// Routes that stream: each holds one piece in memory at a time, at any size of the whole.
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import Boom from '@hapi/boom';
import Joi from 'joi';
import { digits } from '../validation.js';

const BYTES_MAX = 268_435_456;
const downloadQuery = Joi.object({ bytes: digits(1, BYTES_MAX).required() });
const eventsQuery = Joi.object({ count: digits(1, 1_000).required(), every_ms: digits(0, 1_000).required() });

// The pattern has a period of 251 bytes. A block is whole periods, so that every block is the same.
const BLOCK = Buffer.from(Array.from({ length: 251 * 261 }, (_, index) => index % 251));

async function upload(request) {
  const hash = createHash('sha256');
  let bytes = 0;
  // Reads to the end even past the limit, so that the client can finish sending and see the answer.
  for await (const chunk of request.payload) {
    bytes += chunk.length;
    if (bytes <= BYTES_MAX) hash.update(chunk);
  }
  if (bytes > BYTES_MAX) throw Boom.entityTooLarge();
  return { bytes, sha256: hash.digest('hex') };
}

function* blocks(bytes) {
  for (let left = bytes; left > 0; left -= BLOCK.length) yield BLOCK.subarray(0, left);
}

function download(request, h) {
  const { bytes } = request.query;
  return h.response(Readable.from(blocks(bytes), { objectMode: false })).type('application/octet-stream').bytes(bytes);
}

async function* ticks(first, last, everyMs) {
  const start = performance.now();
  for (let n = first; n <= last; n += 1) {
    const early = start + (n - first) * everyMs - performance.now();
    if (early > 0) await sleep(Math.ceil(early));
    yield `id: ${n}\nevent: tick\ndata: ${JSON.stringify({ n })}\n\n`;
  }
}

function events(request, h) {
  const { count, every_ms } = request.query;
  const last = request.headers['last-event-id'];
  const seen = /^\d+$/.test(last) ? Number(last) : 0;
  return h
    .response(Readable.from(ticks(seen + 1, count, every_ms), { objectMode: false }))
    .type('text/event-stream')
    .header('cache-control', 'no-store');
}

export const streams = {
  name: 'streams',
  register(server) {
    server.route([
      {
        method: 'POST',
        path: '/upload',
        options: {
          payload: { allow: 'application/octet-stream', output: 'stream', parse: false, maxBytes: BYTES_MAX },
        },
        handler: upload,
      },
      { method: 'GET', path: '/download', options: { validate: { query: downloadQuery } }, handler: download },
      { method: 'GET', path: '/events', options: { validate: { query: eventsQuery } }, handler: events },
    ]);
  },
};
