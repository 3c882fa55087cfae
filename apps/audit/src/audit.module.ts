import { Module, type DynamicModule } from '@nestjs/common';
import { OPERATIONS, operationsControllers, type Operations } from '#http';
import { ConsistencyController } from './logs/consistency.controller.js';
import { LogController } from './logs/log.controller.js';
import { AUDIT, type AuditParts } from './parts.js';
import { ReceiptsController } from './receipts/receipts.controller.js';
import { SearchController } from './search/search.controller.js';

/** What an audit server offers, in one list. */
@Module({})
export class AuditModule {
  static of(parts: AuditParts, operations: Operations): DynamicModule {
    return {
      module: AuditModule,
      controllers: [
        LogController,
        ConsistencyController,
        ReceiptsController,
        SearchController,
        ...operationsControllers,
      ],
      providers: [
        { provide: AUDIT, useValue: parts },
        { provide: OPERATIONS, useValue: operations },
      ],
    };
  }
}
