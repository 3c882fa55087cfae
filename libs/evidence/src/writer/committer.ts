import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { isConnectionLost, within } from '#database';
import { Problem } from '#problem';
import { entrySide, storeFork } from '../peers/peer-store.js';
import { grow, type Growth, type LogState } from './growth.js';
import { type Holder, regainLease, settleDoubt } from './lease.js';
import { type OpenedLog } from './open-log.js';
import { type Publisher } from './publisher.js';
import { type Queued } from './queued.js';
import { databaseTiles } from '../reader/database-tiles.js';
import { proveEntry } from '../reader/prove-entry.js';
import { isOver, screen, type Screened } from './screen.js';
import { type WriterSession } from './session.js';
import { storeGrowth } from './store.js';
import { asUnavailable } from './unavailable.js';

/** From append to refusal, milliseconds, when the database does not answer. */
const PATIENCE_MS = 1_800;
const LEAST_MS = 300;
const RETRY_MS = 50;
/** Of the time that a draft must have left when its group is begun, least, and most at first: one slow group must not refuse the next. */
const [LEAST_SPARE_MS, MOST_SPARE_MS] = [5, 400];
/** After these the log is not written again by this process. */
const FATAL: ReadonlySet<string> = new Set(['log-fenced', 'log-behind-edge', 'log-tampered']);

/**
 * Commits groups of drafts, one at a time, and is the only one who moves the tree in memory: forward, by what is known
 * to be committed.
 */
export class Committer {
  private session: WriterSession | undefined;
  private lostPid: number;
  private state: LogState;
  /** A growth whose COMMIT was sent and not answered. */
  private doubtful: Growth | undefined;
  private failure: Problem | undefined;
  private stopped: Problem | undefined;
  private ended = false;
  /** What a draft must have left when its group is begun: about as long as the last one took, milliseconds. */
  private spareMs = LEAST_SPARE_MS;

  constructor(
    private readonly holder: Holder,
    opened: OpenedLog,
    private readonly publisher: Publisher,
    /** Milliseconds since the epoch. */
    private readonly clock: () => number,
  ) {
    this.session = opened.session;
    this.lostPid = opened.session.pid;
    this.state = opened.state;
  }

  get tree(): LogState {
    return this.state;
  }

  /** Why nothing can be recorded for good, or could not be the last time. */
  get problem(): Problem | undefined {
    return this.stopped ?? this.failure;
  }

  get isStopped(): boolean {
    return this.stopped !== undefined;
  }

  /** Ends the lease, also one that is being taken just now. */
  end(): void {
    this.ended = true;
    this.drop();
  }

  /** Settles every caller: with its entry, or with the problem of its draft, or with that of the log. Never rejects. */
  async commit(callers: readonly Queued[]): Promise<void> {
    const end = performance.now() + patienceFor(callers);
    this.spareMs = Math.min(MOST_SPARE_MS, this.spareMs);
    for (let leased = false; ;) {
      const begun = (): void => void (leased = true);
      try {
        await within(end - performance.now(), this.record(callers, begun));
        this.failure = undefined;
        return;
      } catch (error) {
        if (error instanceof Overtaken) continue; // with more time to spare: this is not the log's failure
        this.note(error);
        leased ||= wasEnded(error);
        const again = leased && isPassing(error) && performance.now() + RETRY_MS < end;
        if (!again || this.stopped) return this.refuse(callers, error);
        await sleep(RETRY_MS);
      }
    }
  }

  private refuse(callers: readonly Queued[], error: unknown): void {
    const problem = (this.failure = this.stopped ?? asUnavailable(error));
    open(callers).forEach((caller) => caller.reject(problem));
  }

  /** @param begun called once the lease is had: what is lost from then on may be had again in a moment */
  private async record(callers: readonly Queued[], begun: () => void): Promise<void> {
    const session = await this.leased();
    begun();
    const waiting = open(callers);
    if (waiting.length === 0) return;
    const { screened, growth } = await this.transact(session, waiting);
    if (growth) this.adopt(growth);
    for (const { caller, problem } of screened.refused) caller.reject(problem);
    const tiles = databaseTiles(session.client, this.holder.origin);
    for (const { caller, entry } of screened.earlier) {
      await proveEntry(tiles, entry, this.publisher.checkpoint).then(
        (recalled) => caller.resolve({ ...recalled, existing: true }),
        (error: unknown) => caller.reject(asUnavailable(error)),
      );
    }
  }

  private async transact(
    session: WriterSession,
    callers: readonly Queued[],
  ): Promise<{ screened: Screened; growth: Growth | undefined }> {
    const { client } = session;
    const { origin, sealKey, fence } = this.holder;
    const begun = performance.now();
    try {
      const [, screened] = await Promise.all([
        client.query('begin'),
        screen(client, origin, callers, () => this.clock() + this.spareMs),
      ]);
      for (const { conflict } of screened.refused) {
        if (conflict)
          await storeFork(
            client,
            conflict.first.origin,
            entrySide(conflict.first),
            entrySide(conflict.second),
          );
      }
      const growth =
        screened.fresh.length > 0 ? grow(origin, sealKey, this.state, screened.fresh) : undefined;
      const stored = growth ? await storeGrowth(client, origin, fence, growth) : 'stored';
      if (stored !== 'stored') throw new Interference(stored);
      this.requireCurrent(session);
      this.requireInTime(screened, performance.now() - begun);
      this.doubtful = growth;
      await client.query('commit');
      this.requireCurrent(session);
      return { screened, growth };
    } catch (error) {
      if (session.alive) await client.query('rollback').catch(() => session.end());
      throw error;
    }
  }

  private adopt(growth: Growth): void {
    this.state = growth.after;
    this.doubtful = undefined;
    this.failure = undefined;
    this.publisher.publish(growth);
  }

  /** The session with the lease; a new one, after settling what the lost one left in doubt. */
  private async leased(): Promise<WriterSession> {
    if (this.session?.alive) return this.session;
    this.drop();
    const { session, head } = await regainLease(this.holder, this.lostPid);
    try {
      if (this.ended) throw new Problem('shutting-down');
      const committed = settleDoubt(this.holder, head, this.state, this.doubtful);
      this.session = session;
      this.lostPid = session.pid;
      this.doubtful = undefined;
      if (committed) this.adopt(committed);
      return session;
    } catch (error) {
      session.end();
      throw error;
    }
  }

  private drop(cause?: unknown): void {
    this.session?.end(cause);
    this.session = undefined;
  }

  /** A result that comes after the group was given up, its session with it, is left to `settleDoubt`. */
  private requireCurrent(session: WriterSession): void {
    if (this.session !== session) throw new Problem('log-unavailable', { detail: 'given up' });
  }

  /**
   * What took so long that the time of a draft went over: the group is looked at again, without it and without those whose
   * time would go over the next time.
   */
  private requireInTime({ fresh }: Screened, tookMs: number): void {
    const now = this.clock();
    const overtaken = fresh.some(([caller]) => isOver(caller!.lines, now));
    this.spareMs = Math.max(LEAST_SPARE_MS, tookMs * 1.5, overtaken ? 2 * this.spareMs : 0);
    if (overtaken) throw new Overtaken();
  }

  private note(error: unknown): void {
    if (error instanceof Problem && FATAL.has(error.problem)) {
      this.stopped = error;
      this.drop();
    } else if (isConnectionLost(error) || error instanceof Problem || error instanceof Interference) {
      this.drop(error);
    }
  }
}

/** The database holds something else than this writer left there: looked at again with a fresh lease. */
class Interference extends Error {}

/** The time of a draft went over while its group was written. */
class Overtaken extends Error {}

/** SQLSTATE 57P01: a server that is there has ended this one session; where none is, another try is of no use. */
function wasEnded(error: unknown): boolean {
  return (error as { code?: unknown }).code === '57P01';
}

function isPassing(error: unknown): boolean {
  return isConnectionLost(error) || error instanceof Interference || error instanceof Problem;
}

function open(callers: readonly Queued[]): Queued[] {
  return callers.filter(({ settled }) => !settled);
}

function patienceFor(callers: readonly Queued[]): number {
  const age = performance.now() - Math.min(...callers.map(({ since }) => since));
  return Math.max(LEAST_MS, PATIENCE_MS - age);
}
