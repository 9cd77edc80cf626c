import { Controller, Get, Module, Param } from '@nestjs/common';
import type { DynamicModule, Type } from '@nestjs/common';

/**
 * Further routes, as many as BAKEOFF_ROUTES says and registered one by one: what the table of routes of a large
 * application costs.
 */
@Module({})
export class ManyModule {
  static register(routes: number): DynamicModule {
    return { module: ManyModule, controllers: routes > 0 ? [manyRoutes(routes)] : [] };
  }
}

function manyRoutes(routes: number): Type {
  class ManyController {}

  for (let route = 1; route <= routes; route += 1) {
    const name = `route${route}`;
    const descriptor = { value: (id: string) => ({ route, id }), configurable: true, writable: true };
    Object.defineProperty(ManyController.prototype, name, descriptor);
    Param('id')(ManyController.prototype, name, 0);
    Get(`${route}/:id`)(ManyController.prototype, name, descriptor);
  }
  Controller('routes')(ManyController);
  return ManyController;
}
