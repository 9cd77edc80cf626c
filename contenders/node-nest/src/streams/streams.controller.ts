// Routes that stream: each holds one piece in memory at a time, at any size of the whole.
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Controller, Get, Header, Headers, HttpCode, PayloadTooLargeException, Post, Query, Req, Res, StreamableFile,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { digits } from '../http/validation.js';

const BYTES_MAX = 268_435_456;

const downloadQuerySchema = z.object({ bytes: digits(1, BYTES_MAX) });
const eventsQuerySchema = z.object({ count: digits(1, 1_000), every_ms: digits(0, 1_000) });
type DownloadQuery = z.infer<typeof downloadQuerySchema>;
type EventsQuery = z.infer<typeof eventsQuerySchema>;

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

/** A stream that ends with its client; `StreamableFile` alone would leave it where it was. */
function streamTo(res: Response, stream: Readable): Readable {
  res.once('close', () => stream.destroy());
  return stream;
}

@Controller()
export class StreamsController {
  // Without a body parser: the request itself is the stream.
  @Post('upload')
  @HttpCode(200)
  async upload(@Req() req: Request) {
    if (Number(req.get('Content-Length')) > BYTES_MAX) throw new PayloadTooLargeException();
    const hash = createHash('sha256');
    let bytes = 0;
    // Reads to the end even past the limit, so that the client can finish sending and see the answer.
    for await (const chunk of req as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes <= BYTES_MAX) hash.update(chunk);
    }
    if (bytes > BYTES_MAX) throw new PayloadTooLargeException();
    return { bytes, sha256: hash.digest('hex') };
  }

  @Get('download')
  download(
    @Query({ schema: downloadQuerySchema }) { bytes }: DownloadQuery,
    @Res({ passthrough: true }) res: Response,
  ): StreamableFile {
    const stream = streamTo(res, Readable.from(blocks(bytes), { objectMode: false }));
    return new StreamableFile(stream, { type: 'application/octet-stream', length: bytes });
  }

  // Not `@Sse()`, which sets a `Cache-Control` of its own that a handler cannot replace.
  @Get('events')
  @Header('Cache-Control', 'no-store')
  events(
    @Query({ schema: eventsQuerySchema }) { count, every_ms }: EventsQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res({ passthrough: true }) res: Response,
  ): StreamableFile {
    const seen = /^\d+$/.test(lastEventId ?? '') ? Number(lastEventId) : 0;
    const stream = streamTo(res, Readable.from(ticks(seen + 1, count, every_ms)));
    return new StreamableFile(stream, { type: 'text/event-stream' });
  }
}
