import { Logger } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway, WebSocketServer } from '@nestjs/websockets';
import type { OnGatewayConnection, OnGatewayInit } from '@nestjs/websockets';
import type { WebSocket, WebSocketServer as Server } from 'ws';
import { ChannelService } from './channel.service.js';

const HEARTBEAT_MS = 30_000;

@WebSocketGateway({ path: '/socket', maxPayload: 65_536, closeTimeout: 5_000 })
export class SocketsGateway implements OnGatewayInit, OnGatewayConnection, OnApplicationShutdown {
  @WebSocketServer()
  readonly server!: Server;

  private readonly logger = new Logger(SocketsGateway.name);
  private readonly answered = new WeakSet<WebSocket>(); // the sockets that have answered since the last heartbeat
  private heartbeat: NodeJS.Timeout | undefined;

  constructor(private readonly channel: ChannelService) {}

  afterInit(server: Server): void {
    this.channel.messages.subscribe((message) => {
      for (const socket of server.clients) socket.send(message);
    });
    this.channel.lost.subscribe(() => {
      for (const socket of server.clients) socket.close(1013, 'messages may be missing');
    });
    // Finds connections that broke without a word, as the documentation of ws advises.
    this.heartbeat = setInterval(() => {
      for (const socket of server.clients) {
        if (this.answered.delete(socket)) socket.ping();
        else socket.terminate();
      }
    }, HEARTBEAT_MS).unref();
  }

  handleConnection(socket: WebSocket): void {
    this.answered.add(socket);
    socket.on('pong', () => this.answered.add(socket));
  }

  @SubscribeMessage('echo')
  echo(@MessageBody() data: string) {
    return { type: 'echo', data };
  }

  @SubscribeMessage('broadcast')
  async broadcast(@MessageBody() data: string, @ConnectedSocket() socket: WebSocket): Promise<void> {
    try {
      await this.channel.say(JSON.stringify({ type: 'broadcast', data }));
    } catch (error) {
      this.logger.error(error);
      socket.close(1011, 'the message was not delivered');
    }
  }

  @SubscribeMessage('unknown')
  unknown() {
    return {
      type: 'error',
      detail: 'a message is a JSON object with `type` echo or broadcast and text as `data`',
    };
  }

  @SubscribeMessage('binary')
  binary(@ConnectedSocket() socket: WebSocket): void {
    socket.close(1003, 'messages are text');
  }

  onApplicationShutdown(): void {
    clearInterval(this.heartbeat);
  }
}
