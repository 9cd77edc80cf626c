// The application of the tests: the real modules, with providers that need no database.
import { NotFoundException } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import type { JwtSignOptions } from '@nestjs/jwt';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { UsersService } from '../src/accounts/users.service.js';
import { AppModule } from '../src/app.module.js';
import { configure } from '../src/app.setup.js';
import { DatabaseService } from '../src/database/database.service.js';
import { ItemsService } from '../src/items/items.service.js';
import { OrdersService } from '../src/orders/orders.service.js';
import { ComputeService } from '../src/work/compute.service.js';

export const ITEM = { id: 1, category: 'garden', name: 'Item 1 & Co <garden>', price_cents: 7_920, stock: 31, version: 1 };

const items = {
  find: async (id: number) => {
    if (id !== ITEM.id) throw new NotFoundException();
    return ITEM;
  },
  list: async () => ({ items: [ITEM], next: null }),
  create: async (newItem: object) => ({ ...newItem, id: 10_001, version: 1 }),
  change: async (_id: number, change: object) => ({ ...ITEM, ...change, version: 2 }),
};

export async function createApp(): Promise<NestExpressApplication> {
  const fixture = await Test.createTestingModule({ imports: [AppModule] })
    .overrideProvider(DatabaseService)
    .useValue({ ping: async () => undefined, onApplicationShutdown: async () => undefined })
    .overrideProvider(ItemsService)
    .useValue(items)
    .overrideProvider(OrdersService)
    .useValue({ place: async (username: string, order: object) => ({ ...order, id: 1, username }) })
    .overrideProvider(UsersService)
    .useValue({ find: async () => undefined })
    .overrideProvider(ComputeService)
    .useValue({ longestChain: async () => ({ start: 871, length: 179 }) })
    .compile();
  const app = fixture.createNestApplication<NestExpressApplication>({ bodyParser: false, logger: false });
  configure(app);
  return app.init();
}

/** A token of `user-1`, with these claims besides and signed with these options. */
export function tokenOf(app: NestExpressApplication, claims: object = {}, options: JwtSignOptions = {}): Promise<string> {
  return app.get(JwtService, { strict: false }).signAsync({ sub: 'user-1', ...claims }, options);
}
