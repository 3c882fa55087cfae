import { type Pool } from 'pg';
import { type SignedCheckpoint } from '#evidence';
import { byteaArray, withTransaction } from '#database';
import { clearAlarms, raiseAlarm } from '../watching/alarms.js';
import { countLines, type Counted } from './count-lines.js';
import { lockLog, readLog, writeLog, type MirroredLog, type Queryable } from './log-row.js';
import { storeFullTiles } from './mirror-tiles.js';
import { agrees, keepSeen, settleSeen, type SeenCheckpoint } from './seen.js';
import { weigh, type Growth, type Verdict } from './weigh.js';

export interface MirrorOptions {
  pool: Pool;
  clock: () => number;
  /** How long after its deadline an exchange must be complete. */
  graceMs: number;
  /** Called when an alarm is raised. */
  onAlarm: (origin: string, kind: 'forked' | 'rolled-back' | 'unreadable') => void;
}

/** What became of what came. `ended`: the log contradicted itself, now or before; nothing of it is taken any more. */
export type Taken = 'known' | 'grew' | 'unproven' | 'ended';

/**
 * The mirror of every log. What one growth brings (lines, edge, exchanges, volumes) is one transaction under the log's
 * row: it is there once or not at all, in whatever order, how often and by how many processes it is brought.
 */
export class Mirror {
  constructor(private readonly options: MirrorOptions) {}

  /** Takes lines whose checkpoint's signature is verified. `unproven` has to be pulled. */
  take(growth: Growth): Promise<Taken> {
    return this.change(growth.origin, async (client, log) => {
      if (log.state === 'contradicted') return 'ended';
      const verdict = await weigh(client, log, growth);
      if (verdict.what === 'grows') return this.grow(client, log, growth, verdict);
      if (verdict.what === 'known') return 'known';
      if (verdict.what === 'contradiction')
        return this.contradict(client, log, { ...growth, reporter: growth.origin });
      await keepSeen(client, { checkpoint: growth.checkpoint, reporter: growth.origin }, this.now());
      return 'unproven';
    });
  }

  /** Holds a checkpoint that a peer saw against the mirror. `unproven`: it is beyond the mirror, which has to be pulled. */
  hold(seen: SeenCheckpoint): Promise<Taken> {
    return this.change(seen.checkpoint.origin, async (client, log) => {
      if (log.state === 'contradicted') return 'ended';
      if (seen.checkpoint.size > log.edge.size) {
        await keepSeen(client, seen, this.now());
        return 'unproven';
      }
      return (await agrees(client, log, seen.checkpoint)) ? 'known' : this.contradict(client, log, seen);
    });
  }

  /**
   * The signed tree of `checkpoint` is proved to begin with a tree of `size` leaves and this root: if the mirror had
   * another one there, the log forked.
   */
  holdPrefix(checkpoint: SignedCheckpoint, prefix: { size: number; root: Buffer }): Promise<Taken> {
    return this.change(checkpoint.origin, async (client, log) => {
      if (log.state === 'contradicted') return 'ended';
      if (prefix.size > log.edge.size || (await agrees(client, log, { ...checkpoint, ...prefix })))
        return 'known';
      return this.contradict(client, log, { checkpoint, reporter: checkpoint.origin });
    });
  }

  read(origin: string): Promise<MirroredLog | undefined> {
    return readLog(this.options.pool, origin);
  }

  private change(
    origin: string,
    work: (client: Queryable, log: MirroredLog) => Promise<Taken>,
  ): Promise<Taken> {
    return withTransaction(this.options.pool, async (client) =>
      work(client, await lockLog(client, origin, this.now())),
    );
  }

  private async grow(
    client: Queryable,
    log: MirroredLog,
    { checkpoint }: Growth,
    { edge, root, lines, leaves }: Extract<Verdict, { what: 'grows' }>,
  ): Promise<Taken> {
    const { origin } = log;
    const from = log.edge.size;
    await insertLines(client, origin, from, lines, leaves);
    await storeFullTiles(client, origin, from, edge.size);
    const counted = await countLines(client, { origin, from, lines, leaves }, this.options.graceMs);
    const grown: MirroredLog = { ...log, edge, root, note: checkpoint.note, grownAt: this.now() };
    if (counted.lastAt) grown.lastAt = counted.lastAt;
    await writeLog(client, grown);
    await clearAlarms(client, origin, this.now());
    await this.note(client, grown, counted);
    const contradicting = await settleSeen(client, grown);
    return contradicting ? this.contradict(client, grown, contradicting) : 'grew';
  }

  private async note(client: Queryable, log: MirroredLog, { unreadable, closed }: Counted): Promise<void> {
    if (closed.length > 0) {
      await client.query(
        "update mirror_log set state = 'closed' where origin = any($1) and state = 'following'",
        [closed],
      );
    }
    if (unreadable === undefined) return;
    const alarm = {
      kind: 'unreadable',
      origin: log.origin,
      at: this.now(),
      detail: { index: unreadable },
    } as const;
    if (await raiseAlarm(client, { ...alarm, ...(log.note !== undefined && { first: log.note }) }))
      this.options.onAlarm(log.origin, 'unreadable');
  }

  /** Two signed trees, neither a prefix of the other: both checkpoints are kept, and nothing of this log counts from now on. */
  private async contradict(
    client: Queryable,
    log: MirroredLog,
    { checkpoint, reporter, lines = [] }: SeenCheckpoint & Partial<Growth>,
  ): Promise<Taken> {
    const kind = isYounger(lines, log) ? 'rolled-back' : 'forked';
    await writeLog(client, { ...log, state: 'contradicted' });
    const raised = await raiseAlarm(client, {
      kind,
      origin: log.origin,
      at: this.now(),
      ...(log.note !== undefined && { first: log.note }),
      second: checkpoint.note,
      ...(reporter !== log.origin && { reporter }),
      detail: { mirrored: log.edge.size, claimed: checkpoint.size },
    });
    if (raised) this.options.onAlarm(log.origin, kind);
    return 'ended';
  }

  private now(): Date {
    return new Date(this.options.clock());
  }
}

/** Whether the second history was written after the first had ended: an older copy of the log was taken up again. */
function isYounger(lines: readonly Buffer[], { lastAt }: MirroredLog): boolean {
  const [, at] = /"at":"([^"]{24})"/.exec(lines.at(-1)?.toString('latin1') ?? '') ?? [];
  return at !== undefined && lastAt !== undefined && Date.parse(at) > lastAt.getTime();
}

async function insertLines(
  client: Queryable,
  origin: string,
  from: number,
  lines: readonly Buffer[],
  leaves: readonly Buffer[],
): Promise<void> {
  await client.query({
    name: 'mirror-insert',
    text: `insert into mirror_line (origin, index, leaf, public)
      select $1, $2::bigint + line.n - 1, line.leaf, line.public
      from unnest($3::bytea[], $4::bytea[]) with ordinality as line (leaf, public, n)`,
    values: [origin, from, byteaArray(leaves), byteaArray(lines)],
  });
}
