import { type Label } from './facts.js';
import { province, type Province, type ProvinceOptions } from './province.js';
import { fundTables } from './sources/fund-tables.js';
import { housingTables } from './sources/housing-tables.js';
import { hrssTables } from './sources/hrss-tables.js';
import { type Row, type Scope, type SourceTable } from './sources/source-table.js';
import { unitAt } from './unit.js';

/** GB/T 2260 cities whose provident-fund centres the province has. */
export const CENTRES = ['990100', '990200'] as const;
export type Centre = (typeof CENTRES)[number];

/** One table with its rows, computed as they are read and kept nowhere. */
export interface GeneratedTable {
  name: string;
  columns: readonly string[];
  rows(): AsyncIterable<Row>;
}

export interface GeneratedProvince {
  housing: readonly GeneratedTable[];
  hrss: readonly GeneratedTable[];
  fund: Readonly<Record<Centre, readonly GeneratedTable[]>>;
  /** The ground truth: what was planted in whom. It is in no agency's database. */
  labels(): AsyncIterable<Label>;
}

/**
 * A province of synthetic people in the vocabularies of three agencies; the same options give the same bytes.
 *
 * @throws RangeError when an option is out of range
 */
export function generateProvince(options: ProvinceOptions): GeneratedProvince {
  const whole = province(options);
  const of = (tables: readonly SourceTable[], scope: Scope) =>
    tables.map((table) => ({
      name: table.name,
      columns: table.columns,
      rows: () => rowsOf(whole, table, scope),
    }));
  const centre = (code: Centre) => of(fundTables, { today: whole.today, centre: code });
  return {
    housing: of(housingTables, { today: whole.today }),
    hrss: of(hrssTables, { today: whole.today }),
    fund: { '990100': centre('990100'), '990200': centre('990200') },
    labels: () => labelsOf(whole),
  };
}

/** Gives way to the rest of the process this often, as a source that reads from somewhere would. */
const PERSONS_PER_TURN = 500;

async function* rowsOf(whole: Province, table: SourceTable, scope: Scope): AsyncGenerator<Row> {
  for (let id = 0; table.unitRows && id < whole.units; id += 1) yield* table.unitRows(unitAt(id), scope);
  for (let index = 0; table.personRows && index < whole.persons; index += 1) {
    yield* table.personRows(whole.factsAt(index), scope);
    if (index % PERSONS_PER_TURN === 0) await new Promise(setImmediate);
  }
}

async function* labelsOf(whole: Province): AsyncGenerator<Label> {
  for (let index = 0; index < whole.persons; index += 1) {
    yield whole.labelAt(index);
    if (index % PERSONS_PER_TURN === 0) await new Promise(setImmediate);
  }
}
