import { type Pool } from 'pg';
import { type Database } from '#database';
import { type ProblemName } from '#problem';

/**
 * Input that could not be believed (forged, unverifiable, unauthenticated), or that looks like a search for who is known here
 * (`none-quota`). Never a body, never an id of a person.
 */
export interface SecurityEvent {
  code: ProblemName;
  /** Who it claims to be from: a log's origin, an agency, a key id. Unproven. */
  claimed?: string;
  topic?: string;
  /** Hash of the bytes as received. */
  hash?: Buffer;
  /** Own words, without spaces: another event of the same code and claim about the same is counted, and not kept. */
  about?: string;
}

export interface SecurityLogOptions {
  database: Pick<Database, 'pool'>;
  /** Most events kept; default 10,000. Counts go on for ever. */
  keep?: number;
  clock?: () => number;
}

interface Stamped extends SecurityEvent {
  at: Date;
}

const FLUSH_MS = 1_000;
/** Events waiting for the database; what comes above is counted and not kept. */
const WAITING = 1_000;

/** A bounded record of input that was refused without an entry in the log: counted by code, the oldest dropped. */
export class SecurityLog {
  private readonly pool: Pool;
  private readonly keep: number;
  private readonly clock: () => number;
  private readonly timer: NodeJS.Timeout;
  /** Events of this process since its start, by code. */
  readonly seen = new Map<ProblemName, number>();
  private waiting: Stamped[] = [];
  private uncounted = new Map<ProblemName, number>();
  private flushing: Promise<void> = Promise.resolve();
  /** Flushes that failed; their counts are kept and written with the next. */
  failures = 0;

  constructor({ database, keep = 10_000, clock = Date.now }: SecurityLogOptions) {
    this.pool = database.pool;
    this.keep = keep;
    this.clock = clock;
    this.timer = setInterval(() => void this.flush(), FLUSH_MS).unref();
  }

  /** Takes an event; returns at once, whatever the flood. */
  record(event: SecurityEvent): void {
    for (const counts of [this.seen, this.uncounted])
      counts.set(event.code, (counts.get(event.code) ?? 0) + 1);
    if (event.about !== undefined && this.waiting.some((one) => isSame(one, event))) return;
    this.waiting.push({ ...event, at: new Date(this.clock()) });
    if (this.waiting.length > WAITING) this.waiting.shift();
  }

  /** Events ever counted, by code. */
  async counts(): Promise<Partial<Record<ProblemName, number>>> {
    await this.flush();
    const { rows } = await this.pool.query<{ code: ProblemName; events: string }>(
      'select code, events from security_count order by code',
    );
    return Object.fromEntries(rows.map(({ code, events }) => [code, Number(events)]));
  }

  /** The newest events, newest first. */
  async newest(count: number): Promise<(SecurityEvent & { at: Date })[]> {
    await this.flush();
    const { rows } = await this.pool.query<Required<SecurityEvent> & { at: Date; hash: Buffer | null }>(
      'select at, code, claimed, topic, hash, about from security_event order by id desc limit $1',
      [count],
    );
    return rows.map(({ hash, about, ...row }) => ({
      ...row,
      ...(hash && { hash }),
      ...(about !== '' && { about }),
    }));
  }

  /** Writes what is waiting; a failure is counted, its events and counts wait for the next. */
  flush(): Promise<void> {
    this.flushing = this.flushing.then(() => this.flushNow()).catch(() => void (this.failures += 1));
    return this.flushing;
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  private async flushNow(): Promise<void> {
    if (this.uncounted.size === 0) return;
    const [events, counts] = [this.waiting, this.uncounted];
    this.waiting = [];
    this.uncounted = new Map();
    try {
      await store(this.pool, events, counts, this.keep);
    } catch (error) {
      this.waiting = [...events, ...this.waiting].slice(-WAITING);
      for (const [code, count] of counts) this.uncounted.set(code, (this.uncounted.get(code) ?? 0) + count);
      throw error;
    }
  }
}

/** One statement, so that events and counts are kept together or not at all. */
async function store(
  pool: Pool,
  events: readonly Stamped[],
  counts: ReadonlyMap<ProblemName, number>,
  keep: number,
): Promise<void> {
  await pool.query({
    text: `with fresh as (
        select one.* from unnest($7::timestamptz[], $3::text[], $4::text[], $5::text[], $6::bytea[], $9::text[])
          with ordinality as one (at, code, claimed, topic, hash, about, place)
        where about = '' or not exists (
          select from security_event kept
           where (kept.code, kept.claimed, kept.about) = (one.code, one.claimed, one.about) and kept.about <> '')
      ), counted as (
        insert into security_count (code, events) select * from unnest($1::text[], $2::bigint[])
        on conflict (code) do update set events = security_count.events + excluded.events
      ), dropped as (
        delete from security_event where id in (
          select id from security_event order by id desc offset greatest($8 - (select count(*) from fresh), 0))
      )
      insert into security_event (at, code, claimed, topic, hash, about)
      select at, code, claimed, topic, hash, about from fresh order by place on conflict do nothing`,
    values: [
      [...counts.keys()],
      [...counts.values()],
      ...columns(events.slice(-keep)),
      events.slice(-keep).map(({ at }) => at),
      keep,
      events.slice(-keep).map(({ about }) => printable(about)),
    ],
  });
}

function isSame(one: SecurityEvent, other: SecurityEvent): boolean {
  return one.code === other.code && one.claimed === other.claimed && one.about === other.about;
}

function columns(events: readonly Stamped[]) {
  return [
    events.map(({ code }) => code),
    events.map(({ claimed }) => printable(claimed)),
    events.map(({ topic }) => printable(topic)),
    events.map(({ hash }) => hash ?? null),
  ];
}

/** A claim is a stranger's text: short, one line, no control characters, or nothing of it. */
function printable(text = ''): string {
  return /^[\x21-\x7e]{0,128}$/.test(text) ? text : '(unprintable)';
}
