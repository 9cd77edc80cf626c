// Routes that stream: each holds one piece in memory at a time, at any size of the whole.
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { digits, object } from '../schemas.ts';

const BYTES_MAX = 268_435_456;

const uploadSchema = { response: { 200: object({ bytes: Type.Integer(), sha256: Type.String() }) } };
const downloadSchema = { querystring: object({ bytes: digits(1, BYTES_MAX) }) };
const eventsSchema = { querystring: object({ count: digits(1, 1_000), every_ms: digits(0, 1_000) }) };

// The pattern has a period of 251 bytes. A block is whole periods, so that every block is the same.
const BLOCK = Buffer.from(Array.from({ length: 251 * 261 }, (_, index) => index % 251));

function* blocks(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= BLOCK.length) yield BLOCK.subarray(0, left);
}

async function* ticks(first: number, last: number, everyMs: number): AsyncGenerator<string> {
  const start = performance.now();
  for (let n = first; n <= last; n += 1) {
    const early = start + (n - first) * everyMs - performance.now();
    if (early > 0) await sleep(Math.ceil(early));
    yield `id: ${n}\nevent: tick\ndata: ${JSON.stringify({ n })}\n\n`;
  }
}

const streams: FastifyPluginAsyncTypebox = async (app) => {
  // Of this plugin only: leaves the body to the handler, as a stream that `bodyLimit` does not bound.
  app.addContentTypeParser('application/octet-stream', async (_request: unknown, payload: unknown) => payload);

  app.post('/upload', { schema: uploadSchema }, async (request) => {
    if (Number(request.headers['content-length']) > BYTES_MAX) throw app.httpErrors.payloadTooLarge();
    const hash = createHash('sha256');
    let bytes = 0;
    // Reads to the end even past the limit, so that the client can finish sending and see the answer.
    for await (const chunk of request.raw as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes <= BYTES_MAX) hash.update(chunk);
    }
    if (bytes > BYTES_MAX) throw app.httpErrors.payloadTooLarge();
    return { bytes, sha256: hash.digest('hex') };
  });

  app.get('/download', { schema: downloadSchema }, async (request, reply) => {
    const { bytes } = request.query;
    reply.headers({ 'content-type': 'application/octet-stream', 'content-length': bytes });
    return reply.send(Readable.from(blocks(bytes), { objectMode: false }));
  });

  app.get('/events', { schema: eventsSchema }, async (request, reply) => {
    const { count, every_ms } = request.query;
    const last = String(request.headers['last-event-id']);
    const seen = /^\d+$/.test(last) ? Number(last) : 0;
    reply.headers({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    return reply.send(Readable.from(ticks(seen + 1, count, every_ms)));
  });
};

export default streams;
