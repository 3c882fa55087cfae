import { randomUUID } from 'node:crypto';
import { type Database } from '#database';
import { Problem } from '#problem';
import { type NoteVerifier } from '#tlog';
import { type RecordedEntry } from '../entry.js';
import { requireCheckpoint } from '../signed-checkpoint.js';
import { type LogWriter } from './log-writer.js';

export interface EpochOptions {
  database: Pick<Database, 'pool'>;
  /** Newest checkpoint of the log to close, signed by its key: from the monitor, or from a peer. */
  checkpoint: string;
  verifier: NoteVerifier;
}

/**
 * Closes a log that cannot go on, in its successor: an `epoch` entry that names the closed log (`to`), its last provable
 * size (`rows`) and root (`parent`). The closed log's head is marked, so that no writer opens it again.
 *
 * @throws Problem `internal` when the successor is the log itself or of another agency; what `append` throws
 */
export async function closeWithEpoch(
  successor: LogWriter,
  { database, checkpoint, verifier }: EpochOptions,
): Promise<RecordedEntry> {
  const { origin, size, root } = requireCheckpoint(checkpoint, verifier);
  const agency = agencyOf(successor.origin);
  if (origin === successor.origin || agencyOf(origin) !== agency)
    throw new Problem('internal', {
      field: 'successor',
      detail: 'a log is closed in another log of its agency',
    });
  await database.pool.query('update log_head set closed = true, fence = fence + 1 where origin = $1', [
    origin,
  ]);
  return successor.append({
    kind: 'epoch',
    exchange: randomUUID(),
    from: agency,
    to: origin,
    rows: size,
    parent: root.toString('base64url'),
    reason: 'log-behind-edge',
  });
}

function agencyOf(origin: string): string {
  return origin.split('/')[0]!;
}
