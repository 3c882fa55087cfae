import { type Database } from '#database';
import { adminEntry } from './admin-acts.js';
import { type AgencyNode } from './node.js';

/**
 * Tells the node's log which registry is in force: by which keys it believes others from then on. What is recorded is read
 * from the log itself, so that a registry is recorded also when it came while this process was down, or was killed after
 * keeping it.
 */
export class RegistryRecorder {
  private recorded: number | undefined;

  constructor(private readonly node: Pick<AgencyNode, 'database' | 'log' | 'origin' | 'registry'>) {}

  /** Not to be called twice at once. @throws Problem as `LogWriter.append`; the database's: repeat it */
  async record(): Promise<void> {
    const { database, log, origin, registry } = this.node;
    const { number } = registry.current;
    this.recorded ??= await newestRecorded(database, origin);
    if (number <= this.recorded) return;
    await log.append(adminEntry(origin, 'registry-in-force', { registry: number }));
    this.recorded = number;
  }
}

/** 0 also where the newest entry's private line, which has the number, is erased or was not refilled: it is recorded again. */
async function newestRecorded({ pool }: Pick<Database, 'pool'>, origin: string): Promise<number> {
  const { rows } = await pool.query<{ number: string | null }>(
    `select convert_from(private, 'UTF8')::jsonb #>> '{note,registry}' as number from log_entry
      where origin = $1 and kind = 'admin' and convert_from(public, 'UTF8')::jsonb ->> 'reason' = 'registry-in-force'
      order by index desc limit 1`,
    [origin],
  );
  return Number(rows[0]?.number ?? 0);
}
