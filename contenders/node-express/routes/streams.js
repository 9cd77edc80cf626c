// Routes that stream: each holds one piece in memory at a time, at any size of the whole.
import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';
import createError from 'http-errors';
import { z } from 'zod';
import { otherMethods } from '../methods.js';
import { check, digits } from '../validate.js';

const BYTES_MAX = 268_435_456;
const DownloadQuery = z.object({ bytes: digits(1, BYTES_MAX) });
const EventsQuery = z.object({ count: digits(1, 1_000), every_ms: digits(0, 1_000) });

// The pattern has a period of 251 bytes. A block is whole periods, so that every block is the same.
const BLOCK = Buffer.from(Array.from({ length: 251 * 261 }, (_, index) => index % 251));

export const streams = express.Router();

async function upload(req, res) {
  if (Number(req.get('Content-Length')) > BYTES_MAX) throw createError(413);
  const hash = createHash('sha256');
  let bytes = 0;
  // Reads to the end even past the limit, so that the client can finish sending and see the answer.
  for await (const chunk of req) {
    bytes += chunk.length;
    if (bytes <= BYTES_MAX) hash.update(chunk);
  }
  if (bytes > BYTES_MAX) throw createError(413);
  res.json({ bytes, sha256: hash.digest('hex') });
}

function* blocks(bytes) {
  for (let left = bytes; left > 0; left -= BLOCK.length) yield BLOCK.subarray(0, left);
}

async function download(req, res) {
  const { bytes } = check(DownloadQuery, req.query);
  res.set({ 'Content-Type': 'application/octet-stream', 'Content-Length': bytes });
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

async function events(req, res) {
  const { count, every_ms } = check(EventsQuery, req.query);
  const seen = /^\d+$/.test(req.get('Last-Event-ID')) ? Number(req.get('Last-Event-ID')) : 0;
  res.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  await pipeline(ticks(seen + 1, count, every_ms), res);
}

streams.route('/upload').post(upload).all(otherMethods); // without a body parser: the request itself is the stream
streams.route('/download').get(download).all(otherMethods);
streams.route('/events').get(events).all(otherMethods);
