import { Module, type DynamicModule } from '@nestjs/common';
import { OPERATIONS, operationsControllers, type Operations } from '#http';
import { MONITOR, type MonitorParts } from './parts.js';
import { LogsController } from './reading/logs.controller.js';
import { MirrorController } from './reading/mirror.controller.js';
import { ReconciliationController } from './reading/reconciliation.controller.js';
import { VolumesController } from './reading/volumes.controller.js';
import { RegistryController } from './registry/registry.controller.js';

/** What the monitor offers, in one list. */
@Module({})
export class MonitorModule {
  static of(parts: MonitorParts, operations: Operations): DynamicModule {
    return {
      module: MonitorModule,
      controllers: [
        VolumesController,
        ReconciliationController,
        LogsController,
        MirrorController,
        RegistryController,
        ...operationsControllers,
      ],
      providers: [
        { provide: MONITOR, useValue: parts },
        { provide: OPERATIONS, useValue: operations },
      ],
    };
  }
}
