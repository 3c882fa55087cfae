import { type PoolClient } from 'pg';
import { type Database } from '#database';
import { Problem } from '#problem';
import { Edge, hashLeaf, type NoteVerifier } from '#tlog';
import { type PublicLine } from '../entry.js';
import { parsePublicLine } from '../line-codec.js';
import { requireCheckpoint } from '../signed-checkpoint.js';
import { insertTiles } from './store.js';
import { loadStack } from './recover.js';
import { sealHead, sealHolds } from './seal.js';
import { type HeadRow, LEASE_PATIENCE_MS, WriterSession, fenced } from './session.js';

export interface RefillOptions {
  database: Pick<Database, 'pool'>;
  origin: string;
  /** The writer's seal key: the refilled head bears it, so that the writer starts from it. */
  sealKey: Buffer;
  /** Public lines from the monitor's mirror, the first being the one the database lacks. */
  lines: readonly Buffer[];
  /** Signed checkpoint of the mirror, of the tree that the lines complete. */
  checkpoint: string;
  /** Key of the log. */
  verifier: NoteVerifier;
}

/**
 * The way back for a log whose database was restored from an older copy: appends the public lines that it lost, once they
 * are shown to reproduce the root that the log signed itself. Their private lines are lost with the old disk: they count as
 * erased, and the index of subjects does not cover them. The writer starts afterwards if the mirror reached its edge; if not, only {@link closeWithEpoch} remains.
 *
 * @returns how many entries were added
 * @throws Problem `log-fenced` while a writer runs, `log-tampered` when database or lines do not give the signed root
 */
export async function refillFromMirror(options: RefillOptions): Promise<number> {
  const { database, origin } = options;
  const checkpoint = requireCheckpoint(options.checkpoint, options.verifier);
  if (checkpoint.origin !== origin) throw tampered('the checkpoint is of another log');
  const session = await WriterSession.begin(database.pool, origin, LEASE_PATIENCE_MS);
  if (!session) throw fenced();
  try {
    const head = await session.head(origin);
    if (!head) throw tampered('the database does not know this log');
    if (!sealHolds(options.sealKey, { origin, ...head }, head.seal))
      throw tampered('the head bears another seal');
    await session.client.query('set statement_timeout = 0'); // a log of years takes longer than a group of entries
    return await refill(session.client, options, head, checkpoint);
  } finally {
    session.end();
  }
}

async function refill(
  client: PoolClient,
  { origin, sealKey, lines }: RefillOptions,
  head: HeadRow,
  { size, root }: { size: number; root: Buffer },
): Promise<number> {
  const stack = await loadStack(client, origin, head.size);
  const edge = Edge.from(head.size, stack.edge());
  if (!edge.root().equals(head.root)) throw tampered('the restored entries do not give the root of the head');
  const leaves = lines.map(hashLeaf);
  const grown = edge.extend(leaves);
  if (grown.edge.size !== size || !grown.root.equals(root))
    throw tampered('the lines do not give the signed root');
  const parsed = lines.map((line) => ownLine(line, origin));
  await client.query('begin');
  await insertLines(client, origin, head.size, parsed, lines, leaves);
  await insertTiles(client, origin, stack.extend(leaves).tiles);
  await client.query(
    'update log_head set size = $2, root = $3, seal = $4, fence = fence + 1 where origin = $1',
    [origin, size, root, sealHead(sealKey, { origin, size, root })],
  );
  await client.query('commit');
  return lines.length;
}

function ownLine(bytes: Buffer, origin: string): PublicLine {
  const line = parsePublicLine(bytes, 'log-tampered');
  if (line.origin !== origin) throw tampered('a line of another log');
  return line;
}

async function insertLines(
  client: PoolClient,
  origin: string,
  from: number,
  parsed: readonly PublicLine[],
  lines: readonly Buffer[],
  leaves: readonly Buffer[],
): Promise<void> {
  await client.query(
    `insert into log_entry (origin, index, leaf, kind, exchange, at, public, refilled, late)
      select $1, $2::bigint + line.n - 1, line.leaf, line.kind, line.exchange, line.at, line.public, true, line.late
      from unnest($3::bytea[], $4::text[], $5::uuid[], $6::timestamptz[], $7::bytea[], $8::boolean[])
        with ordinality as line (leaf, kind, exchange, at, public, late, n)`,
    [
      origin,
      from,
      leaves,
      parsed.map(({ kind }) => kind),
      parsed.map(({ exchange }) => exchange),
      parsed.map(({ at }) => at),
      lines,
      parsed.map(({ kind, late }) => kind === 'outcome' && late === true),
    ],
  );
}

function tampered(detail: string): Problem {
  return new Problem('log-tampered', { detail });
}
