import type { Server, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

const GRACE_MS = 12_000; // longer than the slowest route may take

/**
 * Stops without losing what is being answered. Nest waits for the server's last connection; this makes each response the
 * last on its connection, which clients otherwise keep open.
 */
@Injectable()
export class DrainService implements OnModuleInit, BeforeApplicationShutdown {
  private readonly answering = new Set<ServerResponse>();
  private stopping = false;

  constructor(private readonly host: HttpAdapterHost) {}

  onModuleInit(): void {
    // Before the application sees the request.
    this.server.prependListener('request', (_req, res: ServerResponse) => {
      if (this.stopping) res.setHeader('Connection', 'close');
      this.answering.add(res);
      res.once('close', () => {
        this.answering.delete(res);
        if (this.stopping) this.closeIfDone();
      });
    });
  }

  beforeApplicationShutdown(): void {
    this.stopping = true;
    for (const res of this.answering) {
      if (!res.headersSent) res.setHeader('Connection', 'close');
    }
    this.closeIfDone();
    setTimeout(() => this.server.closeAllConnections(), GRACE_MS).unref();
  }

  private closeIfDone(): void {
    if (this.answering.size === 0) this.server.closeAllConnections();
  }

  private get server(): Server {
    return this.host.httpAdapter.getHttpServer() as Server;
  }
}
