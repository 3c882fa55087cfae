import { type Database } from '#database';
import { CENTRES, type Centre } from './generate.js';
import { province, type Province, type ProvinceOptions } from './province.js';
import { type Row, type Scope, type SourceTable } from './sources/source-table.js';
import { fundTables } from './sources/fund-tables.js';
import { housingTables } from './sources/housing-tables.js';
import { hrssTables } from './sources/hrss-tables.js';
import { openSink, type TableSink } from './table-sink.js';
import { unitAt } from './unit.js';

type Source = Pick<Database, 'pool'>;

/** The agencies' databases, migrated with `housingSource`, `hrssSource` and `fundSource`. */
export interface ProvinceSources {
  housing: Source;
  hrss: Source;
  fund: Readonly<Record<Centre, Source>>;
}

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
  options: ProvinceOptions & { sources: ProvinceSources },
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
  } catch (error) {
    await Promise.all(channels.map(({ sink }) => sink.abandon()));
    throw error;
  }
  return Object.fromEntries(channels.map(({ sink }) => [sink.name, sink.rows]));
}

/** Whether a province was loaded here before (with `--data`, say): the housing department knows somebody. */
export async function isLoaded({ housing }: Pick<ProvinceSources, 'housing'>): Promise<boolean> {
  const { rows } = await housing.pool.query<{ loaded: boolean }>(
    'select exists (select from ry_jbxx) as loaded',
  );
  return rows[0]?.loaded ?? false;
}

function targetsOf({ housing, hrss, fund }: ProvinceSources, today: number): Target[] {
  return [
    { source: 'housing', database: housing, tables: housingTables, scope: { today } },
    { source: 'hrss', database: hrss, tables: hrssTables, scope: { today } },
    ...CENTRES.map((centre) => ({
      ...{ source: `fund-${centre}`, database: fund[centre], tables: fundTables, scope: { today, centre } },
    })),
  ];
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
