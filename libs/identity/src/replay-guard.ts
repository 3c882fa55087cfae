import { type Pool, type QueryConfig } from 'pg';
import { byteaArray, deleteBefore } from '#database';
import { Problem } from '#problem';
import { WINDOW_MS } from './policy.js';
import { type Identity } from './verify-request.js';

/** How much longer than its window a signature is remembered: instances' clocks may differ, a restart takes a moment. */
const SLACK_MS = 5 * 60_000;
/** A database that does not answer in this time is as good as down. */
const ANSWER_MS = 5_000;

const INSERT = `insert into signature_seen (hash, until)
select hash, until from unnest($1::bytea[], $2::timestamptz[]) as seen (hash, until)
on conflict do nothing returning hash`;

interface Waiting {
  hash: Buffer;
  until: string;
  accept: () => void;
  refuse: (problem: Problem) => void;
}

export interface ReplayGuardOptions {
  /** The node's database, with `identityMigrations` run. */
  pool: Pick<Pool, 'query'>;
}

/**
 * Refuses a signature that any gateway instance of this node has seen. What arrives in one turn, or while a statement is
 * under way, is one insert.
 */
export class ReplayGuard {
  private waiting = new Map<string, Waiting>();
  private writing = false;

  constructor(private readonly options: ReplayGuardOptions) {}

  /**
   * Resolves for the first use of a signature, once that is durable.
   * @throws Problem `signature-replayed`; `log-unavailable` when the database does not answer (nothing is let through)
   */
  use({ sigHash, created }: Pick<Identity, 'sigHash' | 'created'>): Promise<void> {
    const id = sigHash.toString('base64');
    if (this.waiting.has(id)) return Promise.reject(replayed());
    return new Promise((accept, refuse) => {
      const until = new Date(created + WINDOW_MS + SLACK_MS).toISOString();
      this.waiting.set(id, { hash: sigHash, until, accept, refuse });
      if (!this.writing) this.writeSoon();
    });
  }

  /** Forgets what can no longer be used at `now` (ms since the epoch); returns how many. @throws the driver's error */
  sweep(now: number): Promise<number> {
    return deleteBefore(this.options.pool, 'signature_seen', 'until', new Date(now));
  }

  private writeSoon(): void {
    this.writing = true;
    setImmediate(() => void this.write());
  }

  private async write(): Promise<void> {
    const batch = this.waiting;
    this.waiting = new Map();
    try {
      settle(batch, await this.insert([...batch.values()]));
    } catch (cause) {
      const problem = new Problem('log-unavailable', { detail: 'signatures cannot be recorded', cause });
      for (const { refuse } of batch.values()) refuse(problem);
    }
    this.writing = false;
    if (this.waiting.size > 0) this.writeSoon();
  }

  /** Sorted, so that two instances that insert the same hashes wait for each other in one direction only. */
  private async insert(batch: Waiting[]): Promise<Set<string>> {
    batch.sort((a, b) => Buffer.compare(a.hash, b.hash));
    const insert: QueryConfig & { query_timeout: number } = {
      name: 'signature-seen',
      text: INSERT,
      values: [byteaArray(batch.map(({ hash }) => hash)), batch.map(({ until }) => until)],
      query_timeout: ANSWER_MS,
    };
    const { rows } = await this.options.pool.query<{ hash: Buffer }>(insert);
    return new Set(rows.map(({ hash }) => hash.toString('base64')));
  }
}

function settle(batch: Map<string, Waiting>, inserted: Set<string>): void {
  for (const [id, { accept, refuse }] of batch) {
    if (inserted.has(id)) accept();
    else refuse(replayed());
  }
}

function replayed(): Problem {
  return new Problem('signature-replayed', { field: 'signature' });
}
