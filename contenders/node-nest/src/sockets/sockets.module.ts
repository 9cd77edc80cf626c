import { Module } from '@nestjs/common';
import { ChannelService } from './channel.service.js';
import { SocketsController } from './sockets.controller.js';
import { SocketsGateway } from './sockets.gateway.js';

@Module({
  controllers: [SocketsController],
  providers: [ChannelService, SocketsGateway],
})
export class SocketsModule {}
