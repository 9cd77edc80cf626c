import { Module } from '@nestjs/common';
import { ComputeService } from './compute.service.js';
import { UpstreamService } from './upstream.service.js';
import { WorkController } from './work.controller.js';

@Module({
  controllers: [WorkController],
  providers: [ComputeService, UpstreamService],
})
export class WorkModule {}
