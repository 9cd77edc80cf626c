import { Injectable } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import type { Environment } from '../environment.js';

const TIMEOUT_MS = 10_000;

export interface Part {
  part: number;
  value: number;
}

/** The other service that `/fan-out` calls. */
@Injectable()
export class UpstreamService {
  private readonly url: string;

  constructor(config: ConfigService<Environment, true>) {
    this.url = config.get('UPSTREAM_URL', { infer: true });
  }

  /** The parts 1 to `n`, asked for at once, in order. */
  fetchParts(n: number): Promise<Part[]> {
    return Promise.all(Array.from({ length: n }, (_, index) => this.fetchPart(index + 1)));
  }

  private async fetchPart(part: number): Promise<Part> {
    const response = await fetch(`${this.url}/part/${part}`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error(`upstream answered ${response.status} for part ${part}`);
    return (await response.json()) as Part;
  }
}
