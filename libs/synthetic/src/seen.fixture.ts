import { generateProvince, CENTRES, type GeneratedTable, type Label } from './index.js';
import { type Cell } from './sources/source-table.js';

/** A row by its columns, with those of the unit that it names. */
export type Entry = Readonly<Record<string, Cell>>;

/** What the agencies' rows say of one person, found by the number of the document as any agency would. */
export interface Seen {
  label: Label;
  /** ry_jbxx, ry_zcxx, ry_bljl, ry_ysgz */
  persons: Entry[];
  registrations: Entry[];
  bans: Entry[];
  listed: Entry[];
  /** ac01, ac02, ac43, ldyg_ba, zyzg_ksbm, ryda */
  people: Entry[];
  relations: Entry[];
  dues: Entry[];
  labour: Entry[];
  exams: Entry[];
  files: Entry[];
  /** grzhxx, grjcmx of both centres */
  accounts: Entry[];
  deposits: Entry[];
}

/** What the housing department knows of units: qy_bgjl and qy_gx, with the unit's own columns; names of qy_jbxx. */
export interface Units {
  changes: Entry[];
  kin: Entry[];
  names: ReadonlySet<Cell>;
}

export interface SeenProvince {
  everybody: Seen[];
  units: Units;
}

type Index = (value: Cell | undefined) => Entry[];

/** Reads all rows of a small province; the facts that they were made of are not looked at. */
export async function readProvince(): Promise<SeenProvince> {
  const generated = generateProvince({ seed: 20260301, persons: 3_000 });
  const { housing, hrss, fund } = generated;
  const byName = new Map([...housing, ...hrss].map((table) => [table.name, [table]]));
  for (const [place, { name }] of fund[CENTRES[0]].entries())
    byName.set(
      name,
      CENTRES.map((centre) => fund[centre][place]!),
    );
  const read = (name: string) => entries(byName.get(name)!);
  const firms = indexed(await read('qy_jbxx'), 'reg_qyid');
  const people = await personsOf(read, firms);
  const everybody: Seen[] = [];
  for await (const label of generated.labels()) everybody.push(people(label));
  return { everybody, units: await unitsOf(read, firms) };
}

async function personsOf(read: (name: string) => Promise<Entry[]>, firms: Index) {
  const payers = indexed(await read('ab01'), 'aab001');
  const depositors = indexed(await read('dwzhxx'), 'dwzh');
  const by = async (table: string, column: string, unit?: [Index, string]) =>
    indexed((await read(table)).map(withUnit(unit)), column);
  const [persons, listed] = [await by('ry_jbxx', 'idcard'), await by('ry_ysgz', 'idcard')];
  const [registrations, bans] = [
    await by('ry_zcxx', 'ry_id', [firms, 'reg_qyid']),
    await by('ry_bljl', 'ry_id'),
  ];
  const [people, relations] = [await by('ac01', 'aae135'), await by('ac02', 'aac001')];
  const [exams, files] = [await by('zyzg_ksbm', 'aac001'), await by('ryda', 'aac001')];
  const dues = await by('ac43', 'aac001', [payers, 'aab001']);
  const labour = await by('ldyg_ba', 'aac001', [payers, 'aab001']);
  const accounts = await by('grzhxx', 'zjhm', [depositors, 'dwzh']);
  const deposits = await by('grjcmx', 'grzh', [depositors, 'dwzh']);
  return (label: Label): Seen => {
    const here = numbersLike(label).flatMap(persons);
    const known = people(label.idNumber);
    const saved = [label.idNumber, fifteen(label)].flatMap(accounts);
    const ofHere = (index: Index) => here.flatMap((row) => index(row['ry_id']));
    const ofKnown = (index: Index) => known.flatMap((row) => index(row['aac001']));
    return {
      ...{ label, persons: here, listed: listed(label.idNumber) },
      ...{ registrations: ofHere(registrations), bans: ofHere(bans) },
      ...{ people: known, relations: ofKnown(relations), dues: ofKnown(dues), labour: ofKnown(labour) },
      ...{ exams: ofKnown(exams), files: ofKnown(files) },
      ...{ accounts: saved, deposits: saved.flatMap((row) => deposits(row['grzh'])) },
    };
  };
}

async function unitsOf(read: (name: string) => Promise<Entry[]>, firms: Index): Promise<Units> {
  const [changes, kin, all] = [await read('qy_bgjl'), await read('qy_gx'), await read('qy_jbxx')];
  const named = withUnit([firms, 'reg_qyid']);
  const names = new Set([...all.map((row) => row['qy_name']!), ...changes.map((row) => row['bg_old_name']!)]);
  return { changes: changes.map(named), kin: kin.map(named), names };
}

async function entries(tables: readonly GeneratedTable[]): Promise<Entry[]> {
  const all: Entry[] = [];
  for (const table of tables)
    for await (const row of table.rows())
      all.push(Object.fromEntries(table.columns.map((name, at) => [name, row[at]!])));
  return all;
}

function indexed(rows: Entry[], column: string): Index {
  const found = Map.groupBy(rows, (row) => row[column]);
  return (value) => found.get(value) ?? [];
}

/** A row's own columns win: where something was paid is not where its payer is. */
function withUnit(unit?: [Index, string]): (row: Entry) => Entry {
  return (row) => (unit ? { ...unit[0](row[unit[1]])[0], ...row } : row);
}

/** The housing department may have got the last character of a number wrong. */
function numbersLike({ idKind, idNumber }: Label): string[] {
  if (idKind !== 'citizen-id') return [idNumber];
  return [...'0123456789X'].map((check) => `${idNumber.slice(0, 17)}${check}`);
}

function fifteen({ idKind, idNumber }: Label): string | undefined {
  return idKind === 'citizen-id' ? `${idNumber.slice(0, 6)}${idNumber.slice(8, 17)}` : undefined;
}
