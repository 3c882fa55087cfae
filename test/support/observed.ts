import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
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

/** Every row of every table of every node. */
async function rows(province: TestProvince): Promise<Seen[]> {
  const all: Seen[] = [];
  for (const { node } of [...province.gateways.values(), ...province.adapters.values()]) {
    const { pool } = node.database;
    await node.security.flush();
    const tables = await pool.query<{ name: string }>(
      "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
    );
    for (const { name } of tables.rows) {
      const { rows: texts } = await pool.query<{ row: string }>(`select t::text as row from ${name} t`);
      all.push(...texts.map(({ row }) => ({ where: `${node.agency.id} ${name}`, bytes: Buffer.from(row) })));
    }
  }
  return all;
}

async function metrics(province: TestProvince): Promise<Seen[]> {
  const running = [...province.gateways.values(), ...province.adapters.values()];
  const texts = await Promise.all(running.map(({ metrics: { registry } }) => registry.metrics()));
  return texts.map((text) => ({ where: 'metrics', bytes: Buffer.from(text) }));
}

/** What nodes keep on disk beside their databases. */
async function files({ contracts, keys }: TestProvince): Promise<Seen[]> {
  const dirs = [...contracts.agencies.keys()].map((agency) => keys.dirOf(agency));
  const found = await Promise.all(
    dirs.map(async (dir) => {
      const entries = await readdir(dir, { recursive: true, withFileTypes: true });
      const paths = entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name));
      return Promise.all(paths.map(async (path) => ({ where: 'file', bytes: await readFile(path) })));
    }),
  );
  return found.flat();
}
