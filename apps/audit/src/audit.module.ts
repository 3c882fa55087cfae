import { Module, type DynamicModule } from '@nestjs/common';
import { METRICS, MetricsController, type MetricsAccess } from '#http';
import { HealthController } from './health.controller.js';
import { ConsistencyController } from './logs/consistency.controller.js';
import { LogController } from './logs/log.controller.js';
import { AUDIT, type AuditParts } from './parts.js';
import { ReceiptsController } from './receipts/receipts.controller.js';
import { SearchController } from './search/search.controller.js';

/** What an audit server offers, in one list. */
@Module({})
export class AuditModule {
  static of(parts: AuditParts, access: MetricsAccess): DynamicModule {
    return {
      module: AuditModule,
      controllers: [
        LogController,
        ConsistencyController,
        ReceiptsController,
        SearchController,
        HealthController,
        MetricsController,
      ],
      providers: [
        { provide: AUDIT, useValue: parts },
        { provide: METRICS, useValue: access },
      ],
    };
  }
}
