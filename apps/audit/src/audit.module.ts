import { Module, type DynamicModule } from '@nestjs/common';
import { type Metrics, MetricsController, METRICS } from '#observability';
import { HealthController } from './health.controller.js';
import { ConsistencyController } from './logs/consistency.controller.js';
import { LogController } from './logs/log.controller.js';
import { AUDIT, type AuditParts } from './parts.js';
import { ReceiptsController } from './receipts/receipts.controller.js';
import { SearchController } from './search/search.controller.js';

/** What an audit server offers, in one list. */
@Module({})
export class AuditModule {
  static of(parts: AuditParts, metrics: Metrics): DynamicModule {
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
        { provide: METRICS, useValue: metrics },
      ],
    };
  }
}
