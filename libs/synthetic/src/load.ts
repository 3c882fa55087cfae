import { type Database } from '#database';
import { province, type Province, type ProvinceOptions } from './province.js';
import { type Row, type Scope, type SourceTable } from './sources/source-table.js';
import { fundTables } from './sources/fund-tables.js';
import { housingTables } from './sources/housing-tables.js';
import { hrssTables } from './sources/hrss-tables.js';
import { openSink, type TableSink } from './table-sink.js';
import { unitAt } from './unit.js';

type Source = Pick<Database, 'pool'>;

/** One agency's system, migrated with `housingSource`, `hrssSource` or `fundSource`. */
export interface ProvinceSource {
  vocabulary: 'housing' | 'hrss' | 'fund';
  /** GB/T 2260 of the agency; a fund centre's says whose accounts it keeps. */
  region: string;
  database: Source;
}

const TABLES = { housing: housingTables, hrss: hrssTables, fund: fundTables };

/** Rows written, by `source.table`. */
export type LoadCounts = Record<string, number>;

interface Target {
  source: string;
  database: Source;
  tables: readonly SourceTable[];
  scope: Scope;
}

interface Channel {
  table: SourceTable;
  scope: Scope;
  sink: TableSink;
}

/**
 * Writes a province into the agencies' databases: each person is computed once and streamed into one COPY per table, so
 * memory does not grow with size. Nothing is committed unless all tables were written. Each table takes a connection of
 * its database's pool (10, the default size, is enough).
 *
 * @throws Error when a table is not empty; RangeError when an option is out of range; the driver's error
 */
export async function loadProvince(
  options: ProvinceOptions & { sources: readonly ProvinceSource[] },
): Promise<LoadCounts> {
  const whole = province(options);
  const channels: Channel[] = [];
  try {
    for (const target of targetsOf(options.sources, whole.today)) {
      for (const table of target.tables) {
        const sink = await openSink(target.database.pool, target.source, table);
        channels.push({ table, scope: target.scope, sink });
      }
    }
    await writeAll(whole, channels);
    await Promise.all(channels.map(({ sink }) => sink.finish()));
    for (const { sink } of channels) await sink.commit();
    await Promise.all(options.sources.map(analyze));
  } catch (error) {
    await Promise.all(channels.map(({ sink }) => sink.abandon()));
    throw error;
  }
  return Object.fromEntries(channels.map(({ sink }) => [sink.name, sink.rows]));
}

/** As autovacuum would a minute later: until then the agencies' systems would plan as if they were empty. */
async function analyze({ vocabulary, database }: ProvinceSource): Promise<void> {
  await database.pool.query(`analyze ${TABLES[vocabulary].map(({ name }) => name).join(', ')}`);
}

/** Those of the sources that nothing was loaded into before (with `--data`, say, everything was). */
export async function emptySources(sources: readonly ProvinceSource[]): Promise<ProvinceSource[]> {
  const loaded = await Promise.all(sources.map(isLoaded));
  return sources.filter((_, at) => !loaded[at]);
}

/** Whether its first table has rows: all are committed or none. */
async function isLoaded({ vocabulary, database }: ProvinceSource): Promise<boolean> {
  const { name } = TABLES[vocabulary][0]!;
  const { rows } = await database.pool.query<{ loaded: boolean }>(
    `select exists (select from ${name}) as loaded`,
  );
  return rows[0]!.loaded;
}

function targetsOf(sources: readonly ProvinceSource[], today: number): Target[] {
  return sources.map(({ vocabulary, region, database }) => ({
    source: vocabulary === 'fund' ? `fund-${region}` : vocabulary,
    database,
    tables: TABLES[vocabulary],
    scope: { today, ...(vocabulary === 'fund' && { centre: region }) },
  }));
}

async function writeAll(whole: Province, channels: readonly Channel[]): Promise<void> {
  for (let id = 0; id < whole.units; id += 1) {
    const unit = unitAt(id);
    for (const channel of channels) await write(channel, channel.table.unitRows?.(unit, channel.scope));
  }
  for (let index = 0; index < whole.persons; index += 1) {
    const facts = whole.factsAt(index);
    for (const channel of channels) {
      const full = write(channel, channel.table.personRows?.(facts, channel.scope));
      if (full) await full;
    }
  }
}

/** A promise only when the table's stream is full: waiting on every row would cost more than the row. */
function write({ sink }: Channel, rows: readonly Row[] = []): Promise<void> | undefined {
  for (const row of rows) sink.write(row);
  return sink.isFull ? sink.flush() : undefined;
}
