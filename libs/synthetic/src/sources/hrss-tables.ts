import { dateText, firstDay, monthText } from '../calendar.js';
import { type Facts, type Insurance, type LabourFiling } from '../facts.js';
import { branchOf, formerName, isEnterprise, nameWrittenOtherwise, Place, type Unit } from '../unit.js';
import { type Row, type SourceTable } from './source-table.js';

/** 01 is GB/T 40217's; the others are assumed. */
const ID_TYPES = {
  ...{ 'citizen-id': '01', passport: '08', 'taiwan-permit': '06', 'hk-macau-permit': '04' },
  'permanent-residence': '07',
};
/** AAC064: 10 is GB/T 40217's; the ways of leaving the army that came later (退役军人保障法 21–23) are assumed. */
const VETERANS = { 'own-choice': '10', 'monthly-pay': '20', demobilised: '30', 'own-business': '40' };
const INCAPABLE = '3';
const PAYING = { paying: '1', paused: '2', ended: '3' };
const UNIT_TYPES: Readonly<Record<number, string>> = {
  ...{ [Place.institution]: '55', [Place.university]: '55', [Place.talentCentre]: '55', [Place.organ]: '60' },
};
const INDUSTRIES: Readonly<Record<number, string>> = {
  ...{
    [Place.dispatch]: '7263',
    [Place.agency]: '7262',
    [Place.talentCentre]: '7261',
    [Place.institution]: '7481',
  },
  ...{ [Place.university]: '8341', [Place.organ]: '9221' },
};
const CONSTRUCTION = '4710';

/** Everybody with insurance, a filing, an exam or a file is known to the social-security department. */
export const hrssTables: readonly SourceTable[] = [
  { name: 'ab01', columns: ['aab001', 'aab004', 'bab010', 'frxydm', 'aab019', 'aab022', 'aab301'], unitRows },
  {
    name: 'ac01',
    columns: [
      ...[
        'aac001',
        'aac002',
        'aaa029',
        'aae135',
        'aac003',
        'aac012',
        'aac016',
        'aac064',
        'aac084',
        'aic162',
        'aae138',
        'msxwnl',
      ],
    ],
    personRows: people,
  },
  {
    name: 'ac02',
    columns: ['aac001', 'aab001', 'aae140', 'aac008', 'aac031', 'aae030', 'aab301'],
    personRows: (facts) => facts.insurances.map((insurance) => relation(facts, insurance)),
  },
  {
    name: 'ac43',
    columns: ['aac001', 'aab001', 'aae140', 'aae003', 'aaa115', 'aae078', 'ead131', 'aae180', 'aab301'],
    personRows: (facts) => facts.insurances.flatMap((insurance) => dues(facts, insurance)),
  },
  {
    name: 'ldyg_ba',
    columns: ['aac001', 'aab001', 'htlx', 'pqbz', 'aae030', 'aae031', 'barq', 'aab301'],
    personRows: (facts) => facts.labour.map((filing) => labourRow(facts, filing)),
  },
  {
    name: 'zyzg_ksbm',
    columns: ['aac001', 'ksmc', 'ksnd', 'bmdw', 'cjzt', 'aab301'],
    personRows: (facts) =>
      facts.exams.map(({ unit, year }) => [
        key(facts),
        '二级建造师执业资格考试',
        year,
        unit.name,
        '1',
        unit.region,
      ]),
  },
  { name: 'ryda', columns: ['aac001', 'cfdw', 'cflx', 'cfrq', 'aab301'], personRows: files },
];

/** A unit, its branch, and the older account that some units have: under a name written otherwise, or the former one. */
function unitRows(unit: Unit): Row[] {
  const kind = [UNIT_TYPES[unit.place] ?? '10', INDUSTRIES[unit.place] ?? CONSTRUCTION];
  const uscc = unit.place === Place.outsider ? null : unit.uscc;
  const rows: Row[] = [[accountOf(unit), unit.name, uscc, null, ...kind, unit.region]];
  if (isEnterprise(unit)) {
    const branch = branchOf(unit);
    rows.push([accountOf(branch), branch.name, branch.uscc, unit.uscc, ...kind, branch.region]);
  }
  const older = olderName(unit);
  if (older !== undefined) rows.push([accountOf(unit, true), older, null, null, ...kind, unit.region]);
  return rows;
}

function olderName(unit: Unit): string | undefined {
  if (unit.place === Place.twoAccounts) return nameWrittenOtherwise(unit);
  return unit.place === Place.renamed ? formerName(unit) : undefined;
}

function people(facts: Facts): Row[] {
  if (!isKnown(facts)) return [];
  const name = facts.name;
  return [name, ...(facts.secondName ? [facts.secondName] : [])].map((called, record) => [
    ...[key(facts, record), socialNumber(facts), ID_TYPES[facts.idKind], facts.idNumber, called],
    ...['21', facts.pensioner || facts.died ? '03' : '01'],
    ...[facts.veteran ? VETERANS[facts.veteran] : null, facts.pensioner ? '1' : '0'],
    ...[dateOrNull(facts.retired), dateOrNull(facts.died), facts.incapable ? INCAPABLE : null],
  ]);
}

function isKnown({ insurances, labour, exams, file }: Facts): boolean {
  return insurances.length + labour.length + exams.length > 0 || file !== undefined;
}

function relation(facts: Facts, { payer, oldAccount, kind, state, months, region }: Insurance): Row {
  const since = dateText(firstDay(months[0] ?? 0));
  const account = payer ? accountOf(payer, oldAccount) : null;
  return [key(facts), account, kind, state === 'ended' ? '2' : '1', PAYING[state], since, region];
}

function dues(
  facts: Facts,
  { payer, oldAccount, kind, months, arrivedUntil, arrears, region }: Insurance,
): Row[] {
  const account = payer ? accountOf(payer, oldAccount) : null;
  return months.map((month) => {
    const arrived = month <= arrivedUntil;
    const day = arrived ? dateText(firstDay(month + (arrears ? 3 : 1)) + 16) : null; // 16 days into the next month
    const base = 5_000 + (facts.index % 90) * 100;
    return [
      key(facts),
      account,
      kind,
      monthText(month),
      arrears ? '20' : '10',
      arrived ? '1' : '0',
      day,
      base,
      region,
    ];
  });
}

function labourRow(facts: Facts, { unit, since, until, dispatched = false }: LabourFiling): Row {
  const contract = until === undefined ? '2' : '1';
  const filed = dateText(since + 15);
  return [
    ...[
      key(facts),
      accountOf(unit),
      contract,
      dispatched ? '1' : '0',
      dateText(since),
      dateOrNull(until),
      filed,
      unit.region,
    ],
  ];
}

function files(facts: Facts): Row[] {
  if (!facts.file) return [];
  const { holder, deposit, since } = facts.file;
  const region = facts.idKind === 'citizen-id' ? facts.idNumber.slice(0, 6) : '990101';
  return [[key(facts), holder, deposit === 'unit' ? '1' : '2', dateText(since), region]];
}

/** Chinese: the citizen ID. Others: country or region code, reserved digit, document number (GB/T 40217). */
function socialNumber({ idKind, idNumber }: Facts): string {
  return idKind === 'citizen-id' ? idNumber : `ZZZ0${idNumber}`;
}

/** A second record of the same person (two names) has a key of its own. */
function key(facts: Facts, record = 0): string {
  return `P${record}${String(facts.index).padStart(9, '0')}`;
}

/** A unit's insurance account: a branch has its own, some units an older one. */
export function accountOf(unit: Unit, old = false): string {
  const kind = unit.branch ? 'B' : 'A';
  return `${old ? 'C' : kind}${String(unit.id).padStart(8, '0')}`;
}

function dateOrNull(day: number | undefined): string | null {
  return day === undefined ? null : dateText(day);
}
