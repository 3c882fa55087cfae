import { type Logger } from '#observability';
import { type Queryable } from '../mirror/log-row.js';
import { type Unit } from './volumes.js';

const DAY_MS = 86_400_000;

/** How long volumes of a unit are kept, milliseconds; those of days for ever. What is over stays in the hours, then the days. */
export const VOLUMES_KEPT_MS: Record<Unit, number> = {
  minute: 7 * DAY_MS,
  hour: 400 * DAY_MS,
  day: Infinity,
};

/** How long an exchange that reconciles is kept, milliseconds after it was due. One that does not is kept until it does. */
export const SETTLED_KEPT_MS = 400 * DAY_MS;

const EVERY_MS = 3_600_000;
/** Rows in one statement: what counts meanwhile waits for no more than this. */
const AT_ONCE = 10_000;

export interface RetentionOptions {
  pool: Queryable;
  clock: () => number;
  logger: Logger;
}

/**
 * Drops, each hour, counts whose time is over. Nothing of it is evidence: the mirrored lines, which are kept whole, give every
 * count again, and the number of exchanges per requester and provider stays (`exchange_tally`).
 */
export class Retention {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopping = false;

  constructor(private readonly options: RetentionOptions) {}

  start(): void {
    this.timer = setInterval(() => void this.round(), EVERY_MS).unref();
    void this.round();
  }

  /** Resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearInterval(this.timer);
    await this.running;
  }

  /** Drops what is over now. Never rejects: what it could not drop, the next hour does. */
  round(): Promise<void> {
    this.running = this.running
      .then(() => this.drop())
      .catch((error: unknown) => this.options.logger.warn('old counts not dropped', {}, error));
    return this.running;
  }

  private async drop(): Promise<void> {
    for (const [unit, kept] of Object.entries(VOLUMES_KEPT_MS)) {
      if (Number.isFinite(kept)) await this.repeat(DROP_VOLUMES, [this.before(kept), AT_ONCE, unit]);
    }
    await this.repeat(DROP_SETTLED, [this.before(SETTLED_KEPT_MS), AT_ONCE]);
  }

  private before(kept: number): Date {
    return new Date(this.options.clock() - kept);
  }

  private async repeat(text: string, values: unknown[]): Promise<void> {
    for (let dropped = AT_ONCE; dropped === AT_ONCE && !this.stopping;)
      dropped = (await this.options.pool.query(text, values)).rowCount ?? 0;
  }
}

const DROP_VOLUMES = `delete from volume where unit = $3 and ctid in
  (select ctid from volume where unit = $3 and at < $1 limit $2)`;

const DROP_SETTLED = `delete from exchange_state where exchange in
  (select exchange from exchange_state where faults = '{}' and due < $1 limit $2) and faults = '{}'`;
