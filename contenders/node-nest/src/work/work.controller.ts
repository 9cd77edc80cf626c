// Routes that need no database: a constant answer, waiting, other services, arithmetic.
import { setTimeout as sleep } from 'node:timers/promises';
import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { digits } from '../http/validation.js';
import { ComputeService } from './compute.service.js';
import { UpstreamService } from './upstream.service.js';

const waitQuerySchema = z.object({ ms: digits(0, 10_000) });
const fanOutQuerySchema = z.object({ n: digits(1, 20) });
const computationSchema = z.object({ n: z.int().min(1).max(100_000) });
type WaitQuery = z.infer<typeof waitQuerySchema>;
type FanOutQuery = z.infer<typeof fanOutQuerySchema>;
type Computation = z.infer<typeof computationSchema>;

@Controller()
export class WorkController {
  constructor(
    private readonly upstream: UpstreamService,
    private readonly compute: ComputeService,
  ) {}

  @Get('json')
  hello() {
    return { message: 'Hello, World!' };
  }

  @Get('wait')
  async wait(@Query({ schema: waitQuerySchema }) { ms }: WaitQuery) {
    await sleep(ms);
    return { waited_ms: ms };
  }

  @Get('fan-out')
  async fanOut(@Query({ schema: fanOutQuerySchema }) { n }: FanOutQuery) {
    const parts = await this.upstream.fetchParts(n);
    return { parts, sum: parts.reduce((sum, { value }) => sum + value, 0) };
  }

  @Post('compute')
  @HttpCode(200)
  async longestChain(@Body({ schema: computationSchema }) { n }: Computation) {
    return { n, ...(await this.compute.longestChain(n)) };
  }
}

export { computationSchema }; // a page checks by it too
