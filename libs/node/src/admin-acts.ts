import { randomUUID } from 'node:crypto';
import { type Database } from '#database';
import { openLogWriter, type EntryDraft, type LogWriter } from '#evidence';
import { type KeyStore } from '#registry';
import { edgeFileOf } from './edge-path.js';
import { logSigners } from './log-signers.js';

/**
 * What is done to a node by its administrators and is not an exchange. Other acts have kinds of their own: a bundle put in
 * force is a `scheme` entry, a change of the log's key a `key` entry, a log closed for good an `epoch` entry of its successor.
 */
export type AdminAct = 'log-refilled' | 'private-lines-erased' | 'registry-in-force';

/** A log of this node, when no process of the node writes it. */
export interface OwnLog {
  database: Pick<Database, 'pool'>;
  /** `<agency>/<role>/<ordinal>` */
  origin: string;
  /** The node's own keys and secrets. */
  keys: KeyStore;
  /** The node's private directory, for the log's edge. */
  dir: string;
  /** Milliseconds since the epoch. */
  clock: () => number;
}

/** The entry of an administrative act: its code in the open, its numbers and times in the private line. Never a person. */
export function adminEntry(
  origin: string,
  act: AdminAct,
  note: Record<string, string | number>,
  exchange: string = randomUUID(),
): EntryDraft {
  const [agency] = origin.split('/') as [string];
  return { kind: 'admin', exchange, from: agency, to: agency, reason: act, private: { note } };
}

/** Writes a log for one piece of work. @throws Problem as `openLogWriter`: `log-fenced` while its process runs */
export async function writingLog<T>(
  { database, origin, keys, dir, clock }: OwnLog,
  work: (log: LogWriter) => Promise<T>,
): Promise<T> {
  const log = await openLogWriter({
    ...{ database, clock, origin, tickEvery: 0 },
    signer: logSigners(keys, origin, clock()),
    sealKey: keys.secret('seal'),
    edgeFile: edgeFileOf(dir, origin),
  });
  try {
    return await work(log);
  } finally {
    await log.close();
  }
}
