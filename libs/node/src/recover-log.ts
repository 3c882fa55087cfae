import { createSecretKey } from 'node:crypto';
import { type Database } from '#database';
import { closeWithEpoch, openCheckpoint, refillFromMirror } from '#evidence';
import { Problem } from '#problem';
import { createQuota, dayOf } from '#quota';
import { NoteError, type NoteVerifier } from '#tlog';
import { adminEntry, writingLog, type OwnLog } from './admin-acts.js';

/** What both ways back from a restored database take: the log that cannot go on as it is, and … */
export interface RestoredLog extends OwnLog {
  /** Newest signed checkpoint of the log that the monitor, or a peer, holds. */
  checkpoint: string;
  /** Key of the log for a tree of the checkpoint's size. */
  verifier: NoteVerifier;
}

export interface RecoverOptions extends RestoredLog {
  /** The monitor's copy of entries [from, size), public lines, of the tree of `size` entries. */
  mirrored: (from: number, size: number) => Promise<readonly Buffer[]>;
}

export interface CloseOptions extends RestoredLog {
  /** The log that goes on; its key is in the store and registered. */
  successor: string;
}

/** What a way back did: `spent` is the day (Asia/Shanghai) that counts as spent from now on. */
export interface Recovered {
  /** Entries that were added; 0 when the database lacks nothing that the mirror has. */
  added: number;
  /** Entries in the log, as the mirror has them. */
  size: number;
  spent?: string;
  /** The `admin` entry that says so; absent when the log cannot be written yet: the mirror did not reach its edge. */
  recorded?: number;
}

export interface Closed {
  /** Entry of the successor that closes the log. */
  index: number;
  /** Entries of the closed log that stay provable. */
  size: number;
  spent?: string;
}

/**
 * Fills a log again from the monitor's mirror, and counts today as spent: a database that lacks entries has also lost count
 * of quotas (design: quotas). One function, so that nobody does the one without the other; the day comes first, so that an
 * interruption loses quota and never grants it twice. A database that lacks nothing is left as it is.
 *
 * @throws Problem `not-found` (the database does not know the log), and as `refillFromMirror`
 */
export async function recoverLog(options: RecoverOptions): Promise<Recovered> {
  const { database, origin, keys, checkpoint, verifier, mirrored } = options;
  const size = provedSize(options);
  const from = await headSize(database, origin);
  if (size <= from) return { added: 0, size: from };
  const lines = await mirrored(from, size);
  const spent = await spendToday(options);
  const sealKey = keys.secret('seal');
  const added = await refillFromMirror({ database, origin, sealKey, lines, checkpoint, verifier });
  return { added, size, ...spent, ...(await recordRefill(options, added)) };
}

/**
 * Closes a log for good in its successor (`closeWithEpoch`), and counts today as spent, as {@link recoverLog} does: what the
 * database lost of the log is not known.
 *
 * @throws Problem `key-store` when the successor has no key, and as `openLogWriter` and `closeWithEpoch`
 */
export async function closeLog(options: CloseOptions): Promise<Closed> {
  const { database, keys, checkpoint, verifier, successor } = options;
  const size = provedSize(options);
  if (!keys.key(successor))
    throw new Problem('key-store', { field: 'successor', detail: 'no key of the successor' });
  return writingLog({ ...options, origin: successor }, async (writer) => {
    const spent = await spendToday(options);
    const { index } = await closeWithEpoch(writer, { database, checkpoint, verifier });
    return { index, size, ...spent };
  });
}

async function recordRefill(options: RecoverOptions, added: number): Promise<{ recorded?: number }> {
  try {
    const entry = adminEntry(options.origin, 'log-refilled', { added });
    const { index } = await writingLog(options, (log) => log.append(entry));
    return { recorded: index };
  } catch (error) {
    if (error instanceof Problem && error.problem === 'log-behind-edge') return {};
    throw error;
  }
}

/** Size that the log itself signed. @throws Problem `log-tampered` */
function provedSize({ checkpoint, origin, verifier }: RestoredLog): number {
  try {
    const signed = openCheckpoint(checkpoint, [verifier]);
    if (signed.origin === origin) return signed.size;
  } catch (cause) {
    if (!(cause instanceof NoteError)) throw cause;
    throw new Problem('log-tampered', { field: 'checkpoint', detail: cause.detail, cause });
  }
  throw new Problem('log-tampered', { field: 'checkpoint', detail: 'the checkpoint is of another log' });
}

async function headSize({ pool }: Pick<Database, 'pool'>, origin: string): Promise<number> {
  const { rows } = await pool.query<{ size: string }>('select size from log_head where origin = $1', [
    origin,
  ]);
  if (rows[0]) return Number(rows[0].size);
  throw new Problem('not-found', { field: 'origin', detail: 'the database does not know this log' });
}

/** Also for a gateway's log: the database that lost its entries is the one in which the adapter counts. */
async function spendToday({
  database: { pool },
  origin,
  keys,
  clock,
}: RestoredLog): Promise<{ spent?: string }> {
  const { rows } = await pool.query<{ counts: boolean }>(
    "select to_regclass('quota_spent_day') is not null as counts",
  );
  if (origin.split('/')[1] !== 'adapter' && !rows[0]!.counts) return {};
  const spent = dayOf(clock());
  await createQuota({ pool, clock, subjectKey: createSecretKey(keys.secret('epoch')) }).spendDay(spent);
  return { spent };
}
