import { type Pool } from 'pg';
import { type SignedCheckpoint } from '#evidence';
import { type Logger } from '#observability';
import { type RegistryHolder } from '#registry';
import { matchReplays } from '../counting/exchange-states.js';
import { readLog, readLogs, type MirroredLog } from '../mirror/log-row.js';
import { type Puller } from '../mirror/puller.js';
import { readBehind } from '../mirror/seen.js';
import { raiseAlarm, type AlarmKind, type NewAlarm } from './alarms.js';

export interface WatchOptions {
  pool: Pool;
  puller: Puller;
  registry: RegistryHolder;
  logger: Logger;
  clock: () => number;
  /** A log that did not grow for this long is silent; a checkpoint not served for this long is behind. */
  silentMs: number;
  /** How often to look. */
  everyMs: number;
  onAlarm: (origin: string, kind: AlarmKind) => void;
}

/**
 * Looks at all logs once in a while: pulls those that are behind or quiet, and raises an alarm for what is still so. A
 * quiet log is first asked: tails may have been lost, and then it is not silent.
 */
export class Watch {
  private readonly startedAt: number;
  private lookedForNew: number;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(private readonly options: WatchOptions) {
    this.startedAt = options.clock();
    this.lookedForNew = this.startedAt;
  }

  /** Pulls every registered log once, for what happened while no monitor ran, then looks at intervals. */
  start(): void {
    this.timer = setInterval(() => void this.round(), this.options.everyMs).unref();
    this.running = this.guard(() => this.pullAll(this.options.registry.current.origins));
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.options.puller.stop();
    await this.running;
  }

  /** One round; a second call while one runs waits for it. */
  round(): Promise<void> {
    this.running ??= this.guard(() => this.look());
    return this.running;
  }

  /** What is served does not give what was signed. */
  async unproved(origin: string, served: SignedCheckpoint): Promise<void> {
    await this.raise({
      kind: 'unproved',
      origin,
      at: this.now(),
      second: served.note,
      detail: { claimed: served.size },
    });
  }

  private guard(work: () => Promise<void>): Promise<void> {
    return work()
      .catch((error: unknown) => this.options.logger.warn('watch failed', {}, error))
      .finally(() => (this.running = undefined));
  }

  private async look(): Promise<void> {
    const { pool } = this.options;
    await matchReplays(pool);
    const behind = await readBehind(pool);
    const known = await readLogs(pool);
    await this.lookForNew(known);
    const logs = known.filter(({ state }) => state === 'following');
    const due = logs.filter((log) => behind.has(log.origin) || this.isQuiet(log));
    await Promise.all(due.map((log) => this.ask(log, behind.get(log.origin))));
  }

  private async ask(
    log: MirroredLog,
    behind: { since: Date; size: number; note: string } | undefined,
  ): Promise<void> {
    const { origin } = log;
    const { served } = await this.options.puller.pull(origin);
    const now = await readLog(this.options.pool, origin);
    if (!now || now.state !== 'following' || now.edge.size > log.edge.size) return;
    const first = now.note === undefined ? {} : { first: now.note };
    const found = { origin, at: this.now(), ...first };
    if (behind && this.isOver(behind.since.getTime()))
      await this.raise({ ...found, kind: 'behind', second: behind.note, detail: sizes(now, behind.size) });
    if (!this.isQuiet(now)) return;
    await this.raise({ ...found, kind: 'silent', detail: { mirrored: now.edge.size } });
    if (served && served.size < now.edge.size)
      await this.raise({
        ...found,
        kind: 'rolled-back',
        second: served.note,
        detail: sizes(now, served.size),
      });
  }

  /** A registered log of which nothing ever came: asked for now and then, its tails may all be lost. */
  private async lookForNew(known: readonly MirroredLog[]): Promise<void> {
    if (!this.isOver(this.lookedForNew)) return;
    this.lookedForNew = this.options.clock();
    const origins = new Set(known.map(({ origin }) => origin));
    await this.pullAll(this.options.registry.current.origins.filter((origin) => !origins.has(origin)));
  }

  private async pullAll(origins: readonly string[]): Promise<void> {
    await Promise.all(origins.map((origin) => this.options.puller.pull(origin)));
  }

  /** A log that never had an entry has not begun; time in which no monitor ran is not held against anyone. */
  private isQuiet({ edge, grownAt }: MirroredLog): boolean {
    return edge.size > 0 && this.isOver(Math.max(grownAt.getTime(), this.startedAt));
  }

  private isOver(since: number): boolean {
    return this.options.clock() - since > this.options.silentMs;
  }

  private async raise(alarm: NewAlarm): Promise<void> {
    if (await raiseAlarm(this.options.pool, alarm)) this.options.onAlarm(alarm.origin, alarm.kind);
  }

  private now(): Date {
    return new Date(this.options.clock());
  }
}

function sizes({ edge }: MirroredLog, claimed: number): Record<string, number> {
  return { mirrored: edge.size, claimed };
}
