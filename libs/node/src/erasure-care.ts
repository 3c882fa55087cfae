import { type Database } from '#database';
import {
  beginErasure,
  closeErasure,
  erasePrivateLines,
  openErasures,
  type ErasureOrder,
  type LogWriter,
} from '#evidence';
import { type Logger } from '#observability';
import { adminEntry } from './admin-acts.js';

const EVERY_MS = 5_000;

export interface ErasureKeeping {
  database: Pick<Database, 'pool'>;
  logger: Logger;
}

/**
 * Carries out the erasures that administrators ordered of a log (`log erase`): its writer says so in the log, and only then
 * are private lines erased. What was interrupted is begun again, and said again.
 */
export class ErasureCare {
  private timer: NodeJS.Timeout | undefined;
  private tending: Promise<void> | undefined;

  constructor(
    private readonly keeping: ErasureKeeping,
    private readonly log: Pick<LogWriter, 'append' | 'origin'>,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.tend(), EVERY_MS).unref();
    void this.tend();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.tending;
  }

  /** One round; a second call while one runs waits for it. Never rejects. */
  tend(): Promise<void> {
    const { origin } = this.log;
    this.tending ??= this.round()
      .catch((error: unknown) => this.keeping.logger.warn('erasure not carried out', { origin }, error))
      .finally(() => (this.tending = undefined));
    return this.tending;
  }

  private async round(): Promise<void> {
    for (const order of await openErasures(this.keeping.database, this.log.origin))
      await this.carryOut(order);
  }

  private async carryOut({ id, before }: ErasureOrder): Promise<void> {
    const { database, logger } = this.keeping;
    const { origin } = this.log;
    if (!(await beginErasure(database, id))) return;
    await this.log.append(adminEntry(origin, 'private-lines-erased', { before: before.toISOString() }));
    const erased = await erasePrivateLines(database, origin, before);
    await closeErasure(database, id, erased);
    logger.info('private lines erased', { origin, count: erased });
  }
}
