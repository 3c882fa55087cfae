import { type Database } from '#database';
import {
  beginErasure,
  closeErasure,
  erasePrivateLines,
  noteErasureSaid,
  openErasures,
  type ErasureOrder,
  type LogWriter,
} from '#evidence';
import { type Logger } from '#observability';
import { sayErasure } from './admin-acts.js';

const EVERY_MS = 5_000;

export interface ErasureKeeping {
  database: Pick<Database, 'pool'>;
  logger: Logger;
}

/**
 * Carries out the erasures that administrators ordered of a log (`log erase`): its writer says so in the log, and only then
 * are private lines erased. What was interrupted goes on in a later round, of this process or the next.
 */
export class ErasureCare {
  private timer: NodeJS.Timeout | undefined;
  private tending: Promise<void> | undefined;
  private readonly stopping = new AbortController();

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
    this.stopping.abort();
    await this.tending;
  }

  /** One round; a second call while one runs waits for it. Never rejects. */
  tend(): Promise<void> {
    this.tending ??= this.round().finally(() => (this.tending = undefined));
    return this.tending;
  }

  private async round(): Promise<void> {
    const orders = (await this.attempt(() => openErasures(this.keeping.database, this.log.origin))) ?? [];
    for (const order of orders) {
      if (this.stopping.signal.aborted) return;
      await this.attempt(() => this.carryOut(order));
    }
  }

  /** One order that fails holds up no other. */
  private async attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      const { aborted } = this.stopping.signal;
      if (!aborted) this.keeping.logger.warn('erasure not carried out', { origin: this.log.origin }, error);
      return undefined;
    }
  }

  private async carryOut({ id, before, said }: ErasureOrder): Promise<void> {
    const { database, logger } = this.keeping;
    const { origin } = this.log;
    if (!(await beginErasure(database, id))) return;
    if (!said) {
      await sayErasure(this.log, before);
      await noteErasureSaid(database, id);
    }
    const erased = await erasePrivateLines(database, origin, before, this.stopping.signal);
    await closeErasure(database, id, erased);
    logger.info('private lines erased', { origin, count: erased });
  }
}
