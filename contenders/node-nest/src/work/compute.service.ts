import { Injectable } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import { Piscina } from 'piscina';
import type { Chain } from './collatz.js';

/** Computes in a thread of its own, so that the event loop goes on. One is enough: each core has a process. */
@Injectable()
export class ComputeService implements OnApplicationShutdown {
  private readonly threads = new Piscina<number, Chain>({
    filename: new URL('./collatz.worker.js', import.meta.url).href,
    minThreads: 1,
    maxThreads: 1,
  });

  longestChain(n: number): Promise<Chain> {
    return this.threads.run(n);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.threads.destroy();
  }
}
