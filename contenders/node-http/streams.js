// Routes that stream: each holds one piece in memory at a time, at any size of the whole.
import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { sendJson } from './message.js';
import { Problem } from './problem.js';
import { checkQuery, digits } from './validation.js';

const BYTES_MAX = 268_435_456;
const DOWNLOAD_QUERY = { bytes: digits(1, BYTES_MAX) };
const EVENTS_QUERY = { count: digits(1, 1_000), every_ms: digits(0, 1_000) };

// The pattern has a period of 251 bytes. A block is whole periods, so that every block is the same.
const BLOCK = Buffer.from(Array.from({ length: 251 * 261 }, (_, index) => index % 251));

export async function upload(req, res) {
  if (Number(req.headers['content-length']) > BYTES_MAX) throw new Problem(413);
  const hash = createHash('sha256');
  let bytes = 0;
  // Reads to the end even past the limit, so that the client can finish sending and see the answer.
  for await (const chunk of req) {
    bytes += chunk.length;
    if (bytes <= BYTES_MAX) hash.update(chunk);
  }
  if (bytes > BYTES_MAX) throw new Problem(413);
  sendJson(res, { bytes, sha256: hash.digest('hex') });
}

function* blocks(bytes) {
  for (let left = bytes; left > 0; left -= BLOCK.length) yield BLOCK.subarray(0, left);
}

export async function download(_req, res, { query }) {
  const { bytes } = checkQuery(DOWNLOAD_QUERY, query);
  res.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': bytes });
  await pipeline(blocks(bytes), res); // waits while the client is slower
}

async function* ticks(first, last, everyMs) {
  const start = performance.now();
  for (let n = first; n <= last; n += 1) {
    const early = start + (n - first) * everyMs - performance.now();
    if (early > 0) await sleep(Math.ceil(early));
    yield `id: ${n}\nevent: tick\ndata: ${JSON.stringify({ n })}\n\n`;
  }
}

export async function events(req, res, { query }) {
  const { count, every_ms } = checkQuery(EVENTS_QUERY, query);
  const seen = /^\d+$/.test(req.headers['last-event-id']) ? Number(req.headers['last-event-id']) : 0;
  res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  await pipeline(ticks(seen + 1, count, every_ms), res);
}
