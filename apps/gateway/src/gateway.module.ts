import { Module, type DynamicModule } from '@nestjs/common';
import { AdminController } from './admin.controller.js';
import { ExchangeController } from './exchange.controller.js';
import { OPERATIONS, operationsControllers, type Operations } from '#http';
import { GATEWAY, type GatewayParts } from './parts.js';
import { QueryController } from './query.controller.js';
import { QuotaController } from './quota.controller.js';

/** The HTTP side of a gateway: what it offers, in one list. */
@Module({})
export class GatewayModule {
  static of(parts: GatewayParts, operations: Operations): DynamicModule {
    return {
      module: GatewayModule,
      controllers: [
        QueryController,
        ExchangeController,
        QuotaController,
        AdminController,
        ...operationsControllers,
      ],
      providers: [
        { provide: GATEWAY, useValue: parts },
        { provide: OPERATIONS, useValue: operations },
      ],
    };
  }
}
