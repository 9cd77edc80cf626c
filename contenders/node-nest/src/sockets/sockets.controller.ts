import { Controller, Get, HttpException, Logger, Req, Res, ServiceUnavailableException } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ChannelService } from './channel.service.js';
import { SocketsGateway } from './sockets.gateway.js';

const UPGRADE_REQUIRED = 426;

@Controller('socket')
export class SocketsController {
  private readonly logger = new Logger(SocketsController.name);

  constructor(
    private readonly gateway: SocketsGateway,
    private readonly channel: ChannelService,
  ) {}

  @Get()
  async open(@Req() req: Request, @Res() res: Response): Promise<void> {
    if (!req.upgradeHead) {
      res.set({ Connection: 'Upgrade', Upgrade: 'websocket' });
      throw new HttpException('ask for a WebSocket', UPGRADE_REQUIRED);
    }
    try {
      await this.channel.open();
    } catch (error) {
      this.logger.error(error);
      throw new ServiceUnavailableException('the database does not answer');
    }
    const { server } = this.gateway;
    res.detachSocket(req.socket);
    server.handleUpgrade(req, req.socket, req.upgradeHead, (socket) => server.emit('connection', socket, req));
  }
}
