import { type Database } from '#database';
import { dueErasures, noteErasureFailure, type ErasureOrder, type LogWriter } from '#evidence';
import { type Logger } from '#observability';
import { Problem } from '#problem';
import { carryOutErasure } from './carry-out-erasure.js';

const EVERY_MS = 5_000;

export interface ErasureKeeping {
  database: Pick<Database, 'pool'>;
  logger: Logger;
}

/**
 * Carries out the erasures that administrators ordered (`log erase`) of a log, and of those of its agency that are closed:
 * its writer says so in the log, and only then are private lines erased. What was interrupted goes on in a later round, of
 * this process or the next; what failed is tried again later and later.
 */
export class ErasureCare {
  private timer: NodeJS.Timeout | undefined;
  private tending: Promise<void> | undefined;
  private readonly stopping = new AbortController();

  constructor(
    private readonly keeping: ErasureKeeping,
    private readonly log: Pick<LogWriter, 'append' | 'health' | 'origin'>,
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

  /**
   * Nothing is begun that could not be said now; and a log that is written has settled what became of its last append, so
   * that what was said is found there.
   */
  private async round(): Promise<void> {
    if (this.log.health().state !== 'writing') return;
    const orders = (await this.attempt(() => dueErasures(this.keeping.database, this.log.origin))) ?? [];
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

  private async carryOut(order: ErasureOrder): Promise<void> {
    const { database, logger } = this.keeping;
    const { signal } = this.stopping;
    try {
      const count = await carryOutErasure(database, this.log, order, signal);
      if (count !== undefined) logger.info('private lines erased', { origin: order.origin, count });
    } catch (error) {
      if (!signal.aborted) await noteErasureFailure(database, order.id, codeOf(error));
      throw error;
    }
  }
}

/** Never a message: PostgreSQL's repeat what a line holds. */
function codeOf(error: unknown): string {
  if (error instanceof Problem) return error.problem;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : 'internal';
}
