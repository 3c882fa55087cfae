import { type Pool } from 'pg';
import { type Database } from '#database';
import { type SignedCheckpoint, type Tail } from '#evidence';
import { Edge, formatCheckpoint, hashLeaf, noteSigner, signNote } from '#tlog';
import { copyLog, intent, Province, START, type SpecLog } from '../monitor.fixture.js';
import { readAlarms, type Alarm } from '../watching/alarms.js';
import { readLog } from './log-row.js';
import { Mirror, type Taken } from './mirror.js';

type HasPool = () => Pick<Database, 'pool'>;

const TABLES =
  'mirror_log, mirror_line, mirror_tile, mirror_seen, alarm, exchange_state, exchange_tally, volume'.split(
    ', ',
  );

/** A mirror in a database of its own, beside the nodes whose real logs it mirrors. */
export class MirrorBench {
  readonly province = new Province();

  constructor(
    private readonly monitor: HasPool,
    private readonly node: HasPool,
    private readonly clock: () => number,
  ) {}

  get pool(): Pool {
    return this.monitor().pool;
  }

  mirror(pool: Pool = this.pool): Mirror {
    return new Mirror({ pool, clock: this.clock, graceMs: 60_000, onAlarm: () => undefined });
  }

  take(tail: Tail, pool?: Pool): Promise<Taken> {
    return this.mirror(pool).take(tail);
  }

  open(origin: string, node: HasPool = this.node, before?: SpecLog): Promise<SpecLog> {
    return this.province.openLog(node(), origin, this.clock, before);
  }

  /** Each append is a commit, so a tail, of its own. */
  async write(log: SpecLog, count: number): Promise<void> {
    for (let i = 0; i < count; i += 1) await log.writer.append(intent(this.clock));
  }

  /** One log that two writers continue, each in its own database, after `common` entries. */
  async fork(
    origin: string,
    common: number,
    secondNode: HasPool,
  ): Promise<{ first: SpecLog; second: SpecLog }> {
    const log = await this.open(origin);
    await this.write(log, common);
    await log.writer.close();
    await copyLog(this.node(), secondNode(), origin);
    return {
      first: await this.open(origin, this.node, log),
      second: await this.open(origin, secondNode, { ...log, tails: [] }),
    };
  }

  async sizeOf(origin: string): Promise<number | undefined> {
    return (await readLog(this.pool, origin))?.edge.size;
  }

  async alarms(): Promise<Pick<Alarm, 'kind' | 'origin' | 'proof' | 'reporter'>[]> {
    const alarms = await readAlarms(this.pool, { state: 'all' });
    return alarms.map(({ kind, origin, proof, reporter }) => ({
      kind,
      origin,
      proof,
      ...(reporter !== undefined && { reporter }),
    }));
  }

  /** All that was mirrored and counted, as one value that two runs can be compared by. */
  async everything(): Promise<Record<string, unknown[]>> {
    const rows = async (sql: string) => (await this.pool.query<Record<string, unknown>>(sql)).rows;
    return {
      logs: await rows('select origin, size, root, note, state from mirror_log order by origin'),
      lines: await rows('select origin, index, leaf, public from mirror_line order by 1, 2'),
      tiles: await rows('select * from mirror_tile order by 1, 2, 3'),
      states: await rows('select exchange, faults, due, pieces from exchange_state order by 1'),
      tally: await rows('select * from exchange_tally order by 1, 2'),
      volumes: await rows(
        'select * from volume order by unit, at, requester, provider, query, region, outcome, reason',
      ),
    };
  }

  /** A checkpoint over lines that no writer of ours would write, signed by the log's key. */
  signed(origin: string, lines: readonly Buffer[]): SignedCheckpoint {
    const { root } = Edge.empty().extend(lines.map(hashLeaf));
    const { privateKey } = this.province.store('hrss-1').logKey(origin, START);
    const checkpoint = { origin, size: lines.length, root };
    return { ...checkpoint, note: signNote(formatCheckpoint(checkpoint), noteSigner(origin, privateKey)) };
  }

  async forget(): Promise<void> {
    await this.pool.query(TABLES.map((table) => `delete from ${table}`).join(';')); // quicker than to truncate partitions
  }
}

/** Forgets the logs of a node, as no one but a superuser can. */
export async function forgetLogs({ pool }: Pick<Database, 'pool'>): Promise<void> {
  await pool.query('alter table log_entry disable trigger user');
  await pool.query('truncate log_head, log_entry, log_tile, log_checkpoint, subject_index');
  await pool.query('alter table log_entry enable trigger user');
}

/** A pool whose connection is cut, as by kill -9 of this process, when the given statement is sent through it. */
export function breakingAt(pool: Pool, statement: number): Pool {
  let sent = 0;
  const connect = async () => {
    const client = await pool.connect();
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    const release = client.release.bind(client);
    const { stream } = (client as unknown as { connection: { stream: { destroy(): void } } }).connection;
    const counting = (...args: unknown[]) => {
      sent += 1;
      if (sent === statement) stream.destroy();
      return query(...args);
    };
    return Object.assign(Object.create(client) as typeof client, { query: counting, release });
  };
  return Object.assign(Object.create(pool) as Pool, { connect });
}
