import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { type Pool, type PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { copyLine } from './copy-text.js';
import { type Row, type SourceTable } from './sources/source-table.js';

/** Characters gathered before they are handed to the connection. */
const CHUNK = 64 * 1_024;

/** One table's COPY on a connection and transaction of its own. */
export interface TableSink {
  readonly name: string;
  readonly rows: number;
  readonly isFull: boolean;
  write(row: Row): void;
  /** Hands over what is gathered and waits until the connection takes more. */
  flush(): Promise<void>;
  /** Ends the COPY; nothing is committed yet. */
  finish(): Promise<void>;
  commit(): Promise<void>;
  /** Gives everything up; harmless after `commit`. */
  abandon(): Promise<void>;
}

/** @throws Error when the table is not empty: a province is loaded once */
export async function openSink(pool: Pool, source: string, table: SourceTable): Promise<TableSink> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const { rows } = await client.query<{ used: boolean }>(
      `select exists (select from ${table.name}) as used`,
    );
    if (rows[0]?.used)
      throw new Error(`${source}.${table.name} is not empty: a province is loaded into empty tables`);
    return sinkOn(client, source, table);
  } catch (error) {
    client.release(true);
    throw error;
  }
}

function sinkOn(client: PoolClient, source: string, table: SourceTable): TableSink {
  const stream = client.query(copyFrom(`copy ${table.name} (${table.columns.join(', ')}) from stdin`));
  // Listening from the start: an error between two writes would otherwise be nobody's and end the process.
  const done = finished(stream);
  done.catch(() => undefined);
  let chunk = '';
  let rows = 0;
  let released = false;
  const flush = async () => {
    const text = chunk;
    chunk = '';
    if (text !== '' && !stream.write(text)) await Promise.race([once(stream, 'drain'), done]);
  };
  const release = (broken: boolean) => {
    if (!released) client.release(broken);
    released = true;
  };
  return {
    name: `${source}.${table.name}`,
    get rows() {
      return rows;
    },
    get isFull() {
      return chunk.length >= CHUNK;
    },
    write: (row) => {
      chunk += copyLine(row);
      rows += 1;
    },
    flush,
    finish: async () => {
      await flush();
      stream.end();
      await done;
    },
    commit: async () => {
      await client.query('commit');
      release(false);
    },
    abandon: () => Promise.resolve(release(true)),
  };
}
