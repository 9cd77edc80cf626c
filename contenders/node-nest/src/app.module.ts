import { Module, RequestMethod } from '@nestjs/common';
import type { MiddlewareConsumer, NestModule } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { json } from 'express';
import { AccountsModule } from './accounts/accounts.module.js';
import { TokenGuard } from './accounts/token.guard.js';
import { DatabaseModule } from './database/database.module.js';
import { environmentSchema } from './environment.js';
import { HealthController } from './health/health.controller.js';
import { AccessLogService } from './http/access-log.service.js';
import { DrainService } from './http/drain.service.js';
import { MethodsService } from './http/methods.service.js';
import { ProblemFilter } from './http/problem.filter.js';
import { requireJson } from './http/require-json.js';
import { validationPipe } from './http/validation.js';
import { ItemsModule } from './items/items.module.js';
import { ManyModule } from './many/many.module.js';
import { OrdersModule } from './orders/orders.module.js';
import { PageController } from './page/page.controller.js';
import { SocketsModule } from './sockets/sockets.module.js';
import { StreamsController } from './streams/streams.controller.js';
import { WorkModule } from './work/work.module.js';

const BODY_LIMIT = 65_536;

const JSON_ROUTES = [
  { path: 'items', method: RequestMethod.POST },
  { path: 'items/:id', method: RequestMethod.PATCH },
  { path: 'orders', method: RequestMethod.POST },
  { path: 'login', method: RequestMethod.POST },
  { path: 'compute', method: RequestMethod.POST },
];

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true, ignoreEnvFile: true, validationSchema: environmentSchema }),
    DatabaseModule,
    AccountsModule,
    ItemsModule,
    OrdersModule,
    SocketsModule,
    WorkModule,
    ManyModule.register(Number(process.env.BAKEOFF_ROUTES ?? 0)),
  ],
  controllers: [HealthController, PageController, StreamsController],
  providers: [
    AccessLogService,
    DrainService,
    MethodsService,
    { provide: APP_GUARD, useClass: TokenGuard },
    { provide: APP_PIPE, useValue: validationPipe },
    { provide: APP_FILTER, useClass: ProblemFilter },
  ],
})
export class AppModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    // Not `strict`: a number is JSON too, and gets its 422.
    consumer.apply(requireJson, json({ limit: BODY_LIMIT, strict: false })).forRoutes(...JSON_ROUTES);
  }
}
