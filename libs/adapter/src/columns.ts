import { type SourceRow } from './query-handler.js';

/** How one contract field is read from the source: the SQL that yields it and how its value becomes the contract's. */
export interface Column {
  sql: string;
  /** The contract's value; undefined leaves an optional field out. Default: as it is, null left out. */
  read?: (value: unknown) => unknown;
}

/** The mapper of one query: contract field to column. The agency's own names end here. */
export type Columns = Readonly<Record<string, Column>>;

/** The columns of the fields asked for, and of no others, each with its contract name. */
export type Wanted = readonly (readonly [name: string, column: Column])[];

export function wanted(columns: Columns, fields: ReadonlySet<string>): Wanted {
  return Object.entries(columns).filter(([name]) => fields.has(name));
}

/** Their select list, each under its contract name. Empty when none is known. */
export function selectList(columns: Wanted): string {
  return columns.map(([name, { sql }]) => `${sql} as "${name}"`).join(', ');
}

/** One row of that select in the contract's vocabulary. */
export function readRow(columns: Wanted, row: Record<string, unknown>): SourceRow {
  const read: SourceRow = {};
  for (const [name, column] of columns) {
    const value = column.read ? column.read(row[name]) : row[name];
    if (value !== undefined && value !== null) read[name] = value;
  }
  return read;
}
