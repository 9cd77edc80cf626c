import { Controller, Get, Logger, ServiceUnavailableException } from '@nestjs/common';
import { Public } from '../accounts/public.decorator.js';
import { DatabaseService } from '../database/database.service.js';

@Controller('health')
export class HealthController {
  private readonly logger = new Logger(HealthController.name);

  constructor(private readonly database: DatabaseService) {}

  @Public()
  @Get()
  async check() {
    try {
      await this.database.ping();
    } catch (error) {
      this.logger.error(error);
      throw new ServiceUnavailableException('the database does not answer');
    }
    return { status: 'ok' };
  }
}
