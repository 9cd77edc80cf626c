import { ServerResponse } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { WsAdapter } from '@nestjs/platform-ws';
import { WebSocketServer } from 'ws';
import { parseMessage } from './messages.js';

// ws writes the 101, so helmet's headers do not reach it.
const SECURITY_HEADERS = [
  'X-Content-Type-Options: nosniff',
  'X-Frame-Options: SAMEORIGIN',
  'Referrer-Policy: no-referrer',
];

declare global {
  namespace Express {
    interface Request {
      /** What followed a request to upgrade its connection. */
      upgradeHead?: Buffer;
    }
  }
}

/**
 * Sends requests to upgrade through the application like all others, so its guards, its filter and its access log hold
 * for them. Nest's own adapter upgrades a connection before any of these sees it.
 */
export class RoutedWsAdapter extends WsAdapter {
  constructor(private readonly app: NestExpressApplication) {
    super(app, { messageParser: parseMessage });
  }

  override create(_port: number, options: Record<string, unknown> = {}): WebSocketServer {
    const { path: _, ...others } = options; // the router knows the path
    const server: Server = this.app.getHttpServer();
    server.on('upgrade', (request, socket, head) => this.route(request, socket, head));
    const sockets = new WebSocketServer({ ...others, noServer: true });
    sockets.on('headers', (headers) => headers.push(...SECURITY_HEADERS));
    return this.bindErrorHandler(sockets);
  }

  /** Tells all clients that the server goes away, and waits until they are gone. */
  override async close(server: WebSocketServer): Promise<void> {
    for (const client of server.clients) client.close(1001, 'the server stops');
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  private route(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const response = new ServerResponse(request);
    response.assignSocket(socket as Socket);
    response.setHeader('Connection', 'close'); // for an answer that is no upgrade
    response.once('finish', () => socket.end());
    const express = this.app.getHttpAdapter().getInstance();
    express(Object.assign(request, { upgradeHead: head }), response);
  }
}
