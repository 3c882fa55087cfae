import { type Pool, type PoolClient } from 'pg';
import { Problem } from '#problem';
import { hashLeaf } from '#tlog';

/** A row of a log, as stored. */
export interface StoredLine {
  index: number;
  leaf: Buffer;
  kind: string;
  exchange: string;
  at: Date;
  late: boolean;
  publicLine: Buffer;
  privateLine?: Buffer;
}

const CHUNK = 4_096;

/** The rows of a log from `from` up to before `to`, in order, in chunks. Missing rows are simply not there. */
export async function* storedLines(
  client: Pick<PoolClient | Pool, 'query'>,
  origin: string,
  from: number,
  to: number,
): AsyncGenerator<StoredLine[]> {
  for (let start = from; start < to; start += CHUNK) {
    const { rows } = await client.query<{
      index: string;
      leaf: Buffer;
      kind: string;
      exchange: string;
      at: Date;
      late: boolean;
      public: Buffer;
      private: Buffer | null;
    }>({
      name: 'evidence-lines',
      text: `select index, leaf, kind, exchange, at, late, public, private from log_entry
        where origin = $1 and index >= $2 and index < $3 order by index`,
      values: [origin, start, Math.min(start + CHUNK, to)],
    });
    yield rows.map(({ public: publicLine, private: privateLine, index, ...row }) => ({
      ...row,
      index: Number(index),
      publicLine,
      ...(privateLine && { privateLine }),
    }));
  }
}

/**
 * Leaf hashes of [from, to), computed from the lines themselves: what the `leaf` column says is not believed.
 *
 * @throws Problem `log-tampered` when a row is missing
 */
export async function* provenLeaves(
  client: Pick<PoolClient | Pool, 'query'>,
  origin: string,
  from: number,
  to: number,
): AsyncGenerator<Buffer[]> {
  let next = from;
  for await (const lines of storedLines(client, origin, from, to)) {
    const inOrder = lines.every(({ index }, i) => index === next + i);
    next += lines.length;
    if (!inOrder || (lines.length < CHUNK && next !== to))
      throw new Problem('log-tampered', { detail: 'entries are missing' });
    yield lines.map(({ publicLine }) => hashLeaf(publicLine));
  }
}
