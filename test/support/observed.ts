import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Pool } from 'pg';
import { PROVINCE } from '#apps/demo';
import { openPool } from '#database';
import { type TestProvince } from './use-province.js';

/** One thing that people other than the asker can read: a log line, a message, a database row, a metric, a file. */
interface Seen {
  where: string;
  bytes: Buffer;
}

/** Everything that a province leaves behind, searched for texts that must not be there. */
export class Observed {
  private constructor(private readonly seen: readonly Seen[]) {}

  static async of(province: TestProvince): Promise<Observed> {
    const parts = await Promise.all([rows(province), metrics(province), files(province)]);
    return new Observed([...logLines(province), ...messages(province), ...parts.flat()]);
  }

  /** Where one of the texts stands, as text or as the hexadecimal that PostgreSQL prints bytes in. */
  placesOf(texts: readonly string[]): string[] {
    const needles = texts.flatMap((text) => [
      Buffer.from(text),
      Buffer.from(Buffer.from(text).toString('hex')),
    ]);
    const found = this.seen.flatMap(({ where, bytes }) =>
      needles.flatMap((needle, i) => (bytes.includes(needle) ? [`${where}: ${texts[i >> 1]}`] : [])),
    );
    return [...new Set(found)];
  }

  get size(): number {
    return this.seen.length;
  }
}

function logLines({ logLines: lines }: TestProvince): Seen[] {
  return lines.map((line) => ({ where: 'log line', bytes: Buffer.from(line) }));
}

function messages({ bus }: TestProvince): Seen[] {
  return bus.topicNames.flatMap((topic) =>
    bus.history(topic).map(({ key, headers, value }) => ({
      where: `topic ${topic}`,
      bytes: Buffer.concat([Buffer.from(`${key} ${JSON.stringify(headers)} `), value]),
    })),
  );
}

/** Every row of every table of every node, and of the monitor, which has the province's own. */
async function rows({ gateways, adapters, databases }: TestProvince): Promise<Seen[]> {
  const all: Seen[] = [];
  for (const { node } of [...gateways.values(), ...adapters.values()]) {
    await node.security.flush();
    all.push(...(await rowsOf(node.database.pool, node.agency.id)));
  }
  const pool = openPool({ url: databases.nodeUrl(PROVINCE), name: 'observe', poolSize: 1 });
  try {
    return [...all, ...(await rowsOf(pool, PROVINCE))];
  } finally {
    await pool.end();
  }
}

async function rowsOf(pool: Pick<Pool, 'query'>, owner: string): Promise<Seen[]> {
  const tables = await pool.query<{ name: string }>(
    "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
  );
  const all: Seen[] = [];
  for (const { name } of tables.rows) {
    const { rows: texts } = await pool.query<{ row: string }>(`select t::text as row from ${name} t`);
    all.push(...texts.map(({ row }) => ({ where: `${owner} ${name}`, bytes: Buffer.from(row) })));
  }
  return all;
}

/** As a collector gets them from every process. */
async function metrics({ gateways, adapters, watching }: TestProvince): Promise<Seen[]> {
  const { audits, monitor } = watching;
  const running = { gateway: gateways, adapter: adapters, audit: audits, monitor: new Map([['', monitor]]) };
  const all = Object.entries(running).flatMap(([role, of]) =>
    [...of.values()].map((one) => ({ role, ...one })),
  );
  return Promise.all(
    all.map(async ({ role, metrics: { registry } }) => ({
      where: `metrics of ${role}`,
      bytes: Buffer.from(await registry.metrics()),
    })),
  );
}

/** What nodes keep on disk beside their databases. */
async function files({ contracts, keys }: TestProvince): Promise<Seen[]> {
  const dirs = [...contracts.agencies.keys()].map((agency) => keys.dirOf(agency));
  return (await Promise.all(dirs.map(filesOf))).flat();
}

const LOOKS = 10;

/** All files of a folder at once; a node that replaces one meanwhile makes it be looked through again. */
async function filesOf(dir: string): Promise<Seen[]> {
  for (let left = LOOKS; ; left -= 1) {
    const entries = await readdir(dir, { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    try {
      return await Promise.all(paths.map(async (path) => ({ where: 'file', bytes: await readFile(path) })));
    } catch (error) {
      if (left === 1 || (error as { code?: unknown }).code !== 'ENOENT') throw error;
    }
  }
}
