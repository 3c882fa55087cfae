import { Problem } from '#problem';
import { readRow, selectList, wanted, type Columns, type Wanted } from './columns.js';
import { type ReturnedPerson, type SourceQuestion, type SourceReply } from './query-handler.js';
import { type KeyedRow, type Keys, type SharedReads } from './shared-reads.js';
import { type FoundRow, type SourceKey, type SubjectIndex } from './subject-index.js';
import { vouchFor } from './vouched.js';

/** How a source is asked one query: everything in it is SQL in the source's own words. */
export interface SourceView {
  columns: Columns;
  /**
   * Joins from the keys asked about, `asked (kind, number, normal)`, on. The person comes first and facts are joined to it
   * with `left join`, so that two persons with one number are seen whatever is on file of them. `given` has the parameters.
   */
  from: string;
  /**
   * The number by which the source's own record of the subject goes. It never leaves: each row's is held against the number
   * asked for, so that a wrong join refuses the subject instead of telling about somebody else.
   */
  number: string;
  /** What tells persons apart that stand behind one key; null: nobody is known. */
  holder: string;
  /** Whether the row holds a fact, or only that its holder is known. */
  present: string;
  order: string;
  /** Parameters of the query with their PostgreSQL types, e.g. `{ from_month: 'int' }`. */
  given?: Readonly<Record<string, string>>;
  /** For queries whose rows are about other persons than the subject: the person's kind of document and number. */
  person?: { kind: string; number: string; read: (kind: string, number: string) => ReturnedPerson };
  /** When the data is from; default: now, by the source's clock. */
  asOf?: string;
}

interface ViewRow extends Record<string, unknown>, KeyedRow {
  '~holder': string | null;
  '~number': string | null;
  '~present': boolean | null;
  '~personKind'?: string;
  '~personNumber'?: string;
}

/**
 * Asks the source about all subjects in one statement, and for no other fields than those asked for. Other questions of the
 * same moment may share the statement.
 * @param given value of each parameter of the view
 * @throws Problem `source-timeout`, `source-unavailable`
 */
export async function askView(
  reads: SharedReads,
  view: SourceView,
  { fields, signal }: SourceQuestion,
  index: SubjectIndex,
  given: Readonly<Record<string, unknown>> = {},
): Promise<SourceReply> {
  const values = Object.keys(view.given ?? {}).map((name) => given[name] ?? null);
  const columns = wanted(view.columns, fields);
  const sql = statement(view, columns);
  const { asOf, rows } = await reads.find<ViewRow>(sql, columnsOf(index.keys), values, signal);
  const findings = index.findings(rows.map((row) => foundRow(view, columns, index, row)));
  findings.forEach(vouchFor);
  return { dataTime: asOf, findings };
}

function columnsOf(keys: readonly SourceKey[]): Keys {
  return [
    keys.map(({ kind }) => kind),
    keys.map(({ number }) => asText(number)),
    keys.map(({ normal }) => asText(normal)),
  ];
}

/** Names with `~` are ours: no contract field can have one. */
function statement(view: SourceView, columns: Wanted): string {
  const { person } = view;
  const list = [
    'asked.place as "~key"',
    `${view.holder} as "~holder"`,
    `${view.number} as "~number"`,
    `(${view.present}) as "~present"`,
    `row_number() over (order by ${view.order}) as "~place"`,
    ...(person ? [`${person.kind} as "~personKind"`, `${person.number} as "~personNumber"`] : []),
    ...[selectList(columns)].filter((part) => part !== ''),
  ];
  return `
    select clock.as_of as "~asOf", found.*
      from (select extract(epoch from coalesce(${view.asOf ?? 'null'}, now()))::float8 as as_of) clock
      left join (
        select ${list.join(', ')}
          from (select ${parameters(view)}) given
         cross join unnest($1::text[], $2::text[], $3::text[]) with ordinality as asked (kind, number, normal, place)
         ${view.from}
      ) found on true
     order by found."~place"`;
}

function parameters({ given = {} }: SourceView): string {
  const list = Object.entries(given).map(([name, type], index) => `$${index + 4}::${type} as ${name}`);
  return list.length > 0 ? list.join(', ') : 'true';
}

function foundRow(view: SourceView, columns: Wanted, { keys }: SubjectIndex, row: ViewRow): FoundRow {
  const holder = row['~holder'];
  const key = Number(row['~key']) - 1;
  const known = { key, ...(holder !== null && { holder }) };
  if (isOther(keys[key], row)) return { ...known, fault: 'other-person' };
  return row['~present'] === true ? { ...known, ...readFact(view, columns, row) } : known;
}

/** Where nobody is known there is nobody else either. */
function isOther(key: SourceKey | undefined, row: ViewRow): boolean {
  if (row['~holder'] === null && row['~number'] === null) return false;
  return row['~number'] !== key?.number;
}

/** A row that cannot be read is the matter of its own subject, not of the question. */
function readFact(
  view: SourceView,
  columns: Wanted,
  row: ViewRow,
): Pick<FoundRow, 'values' | 'person' | 'fault'> {
  try {
    return {
      values: readRow(columns, row),
      ...(view.person && { person: view.person.read(row['~personKind']!, row['~personNumber']!) }),
    };
  } catch (error) {
    if (!(error instanceof Problem) || error.problem !== 'provider-contract') throw error;
    return { fault: 'unmapped' };
  }
}

/**
 * A number that PostgreSQL cannot hold is in no source: null matches nothing. A lone surrogate would be sent as U+FFFD,
 * which is another text.
 */
function asText(number: string): string | null {
  return number.includes('\0') || !number.isWellFormed() ? null : number;
}
