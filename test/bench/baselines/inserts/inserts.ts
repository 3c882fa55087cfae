import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import pg from 'pg';
import { byteaArray } from '#database';
import { unpredictable } from '#random';
import { work } from '../../stage/worker.js';

export interface InsertRun {
  seconds: number;
  /** Rows of one statement. */
  group: number;
  publicBytes: number;
  privateBytes: number;
}

/** The columns and the key of the log's entries; no tree, no trigger, no second index. */
const TABLE = `create table plain (
  origin text not null, index bigint not null, leaf bytea not null, kind text not null, exchange uuid not null,
  at timestamptz not null, public bytea not null, private bytea, primary key (origin, index))`;

const MULTI = `insert into plain (origin, index, leaf, kind, exchange, at, public, private)
select $1, $2::bigint + line.n, line.leaf, line.kind, line.exchange, line.at, line.public, line.private
  from unnest($3::bytea[], $4::text[], $5::uuid[], $6::timestamptz[], $7::bytea[], $8::bytea[])
  with ordinality as line (leaf, kind, exchange, at, public, private, n)`;

const SINGLE = `insert into plain (origin, index, leaf, kind, exchange, at, public, private)
values ($1, $2::bigint + 1, $3, $4, $5, $6, $7, $8)`;

const ORIGIN = 'bench-990000/adapter/0';

/** Rows of the same bytes as the log's, one statement after the other on one connection, each committed by itself. */
await work(async ({ databaseUrl }: { databaseUrl: string }) => {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(TABLE);
  let rows = 0;

  const insert = async (run: InsertRun, statement: (lines: unknown[][]) => Promise<unknown>) => {
    const begun = performance.now();
    const before = rows;
    while (performance.now() < begun + run.seconds * 1000) {
      await statement(Array.from({ length: run.group }, () => rowOf(run)));
      rows += run.group;
    }
    return { perSecond: (rows - before) / ((performance.now() - begun) / 1000) };
  };
  const multi = (run: InsertRun) =>
    insert(run, (lines) => {
      const columns = lines[0]!.map((_, column) => columnOf(lines.map((line) => line[column])));
      return client.query({ name: 'multi', text: MULTI, values: [ORIGIN, rows, ...columns] });
    });
  const single = (run: InsertRun) =>
    insert({ ...run, group: 1 }, ([line]) =>
      client.query({ name: 'single', text: SINGLE, values: [ORIGIN, rows, ...line!] }),
    );
  return { calls: { multi, single }, close: () => client.end() };
});

/** Bytes in binary, as our own writer sends them. */
function columnOf(values: unknown[]): unknown {
  return values.every((value) => Buffer.isBuffer(value)) ? byteaArray(values) : values;
}

function rowOf({ publicBytes, privateBytes }: InsertRun): unknown[] {
  const at = new Date().toISOString();
  return [
    unpredictable(32),
    'outcome',
    randomUUID(),
    at,
    Buffer.alloc(publicBytes, 97),
    Buffer.alloc(privateBytes, 98),
  ];
}
