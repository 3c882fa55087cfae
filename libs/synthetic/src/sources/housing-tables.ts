import { dateText, epochMs, yearOf } from '../calendar.js';
import { type Category, type Facts, type Registration } from '../facts.js';
import { branchOf, formerName, isEnterprise, neighbour, Place, type Unit } from '../unit.js';
import { type Row, type Scope, type SourceTable } from './source-table.js';

const ID_TYPES = {
  ...{ 'citizen-id': '111', passport: '414', 'taiwan-permit': '511', 'hk-macau-permit': '516' },
  'permanent-residence': '553',
};
const STATES = { 'in-force': '1', cancelled: '2', lapsed: '3', revoked: '4' };
/** Days since a unit changed: before the first month on file, or within the 90 days that a registration may lag behind. */
const CHANGED_DAYS_AGO: Readonly<Record<number, number>> = {
  ...{ [Place.renamed]: 420, [Place.absorbed]: 420, [Place.renamedLately]: 40, [Place.absorbedLately]: 40 },
};

interface Kind {
  /** The platform's code: 071 and 072 are its own, the others are assumed. */
  type: string;
  name: string;
  specialties: readonly string[];
  certificate(year: number, serial: number): string;
  seal(certificate: string): string;
}

const two = (year: number) => String(year % 100).padStart(2, '0');
const digits = (serial: number, length: number) => String(serial % 10 ** length).padStart(length, '0');

/** Number rules: domain.md §3.5; province digits 99. */
const KINDS: Readonly<Record<Category, Kind>> = {
  CB1: {
    ...{ type: 'RY_ZCLB_071', name: '一级注册建造师', specialties: ['建筑工程', '市政公用工程'] },
    certificate: (year, serial) => `测199${two(year - 1)}${two(year)}${digits(serial, 5)}`,
    seal: (certificate) => `${certificate}(00)`,
  },
  CB2: {
    ...{ type: 'RY_ZCLB_072', name: '二级注册建造师', specialties: ['建筑工程'] },
    certificate: (year, serial) => `测299${two(year - 1)}${two(year)}${digits(serial, 5)}`,
    seal: (certificate) => `${certificate}(00)`,
  },
  CE1: {
    ...{ type: 'RY_ZCLB_05', name: '一级注册造价工程师', specialties: ['土木建筑工程'] },
    certificate: (year, serial) => `建[造]11${two(year)}9900${digits(serial, 6)}`,
    seal: (certificate) => `B${certificate.slice('建[造]'.length)}`,
  },
  SE: {
    ...{ type: 'RY_ZCLB_04', name: '注册监理工程师', specialties: ['房屋建筑工程', '市政公用工程'] },
    certificate: (_year, serial) => `99${digits(serial, 6)}`,
    seal: (certificate) => certificate,
  },
  AR1: {
    ...{ type: 'RY_ZCLB_01', name: '一级注册建筑师', specialties: ['建筑设计'] },
    certificate: (year, serial) => `${two(year)}99${digits(serial, 5)}`,
    seal: (certificate) => certificate,
  },
  S: {
    ...{ type: 'RY_ZCLB_02', name: '一级注册结构工程师', specialties: ['房屋结构'] },
    certificate: (year, serial) => `S${two(year)}99${digits(serial, 5)}`,
    seal: (certificate) => `99000001-S${certificate.slice(-3)}`,
  },
};

/** Only who was ever registered is known to the housing department. */
export const housingTables: readonly SourceTable[] = [
  {
    name: 'qy_jbxx',
    columns: ['reg_qyid', 'qy_name', 'qy_tyshxydm', 'qy_region'],
    unitRows: (unit) => (isEnterprise(unit) ? [unit, branchOf(unit)].map(unitRow) : []),
  },
  {
    name: 'qy_bgjl',
    columns: ['reg_qyid', 'bg_old_name', 'bg_old_tyshxydm', 'bg_new_name', 'bg_new_tyshxydm', 'bg_date'],
    unitRows: changes,
  },
  { name: 'qy_gx', columns: ['reg_qyid', 'gx_type', 'gx_name', 'gx_tyshxydm'], unitRows: relations },
  {
    name: 'ry_jbxx',
    columns: ['ry_id', 'ry_name', 'idcard_type', 'idcard', 'ry_mobile'],
    personRows: (facts) => (facts.registrations.length > 0 ? [personRow(facts)] : []),
  },
  {
    name: 'ry_zcxx',
    columns: [
      ...['ry_id', 'reg_type', 'reg_type_name', 'reg_certno', 'reg_seal_code', 'reg_prof_name', 'reg_qyid'],
      ...['reg_qymc', 'reg_sdate', 'reg_edate', 'reg_state', 'reg_region', 'rn'],
    ],
    personRows: (facts) =>
      facts.registrations.flatMap((registration) => registrationRows(facts, registration)),
  },
  {
    name: 'ry_bljl',
    columns: [
      'ry_id',
      'punish_number',
      'punish_content',
      'punish_depart_name',
      'punish_date',
      'punish_edate',
    ],
    personRows: banRows,
  },
  {
    name: 'ry_ysgz',
    columns: ['idcard', 'ry_name', 'list_no', 'list_date'],
    personRows: (facts) =>
      facts.listed ? [[facts.idNumber, facts.name, '疑似名单2026-01', '2026-03-15']] : [],
  },
];

function unitRow(unit: Unit): Row {
  return [unitKey(unit), unit.name, unit.uscc, unit.region];
}

function changes(unit: Unit, { today }: Scope): Row[] {
  const ago = CHANGED_DAYS_AGO[unit.place];
  if (ago === undefined) return [];
  const renamed = unit.place === Place.renamed || unit.place === Place.renamedLately;
  const before = renamed ? formerName(unit) : unit.name;
  const after = renamed ? unit : neighbour(unit, Place.successor);
  return [[unitKey(unit), before, unit.uscc, after.name, after.uscc, dateText(today - ago)]];
}

function relations(unit: Unit): Row[] {
  const rows: Row[] = [];
  const relate = (type: string, other: Unit) => rows.push([unitKey(unit), type, other.name, other.uscc]);
  if (isEnterprise(unit)) relate('分公司', branchOf(unit));
  if (unit.place === Place.subsidiary || unit.place === Place.fellow)
    relate('母公司', neighbour(unit, Place.parent));
  if (unit.place === Place.affiliate) relate('关联企业', neighbour(unit, Place.parent));
  if (unit.place === Place.institutionFirm) relate('举办单位', neighbour(unit, Place.institution));
  if (unit.place === Place.universityFirm) relate('举办单位', neighbour(unit, Place.university));
  return rows;
}

function personRow(facts: Facts): Row {
  const name = facts.housingName ?? facts.name;
  return [personKey(facts), name, ID_TYPES[facts.idKind], facts.housingId ?? facts.idNumber, facts.phone];
}

function registrationRows(facts: Facts, registration: Registration): Row[] {
  const { category, unit, unitName = unit.name, since, until, state } = registration;
  const kind = KINDS[category];
  const certificate = kind.certificate(yearOf(since), facts.index + 1);
  const registered = [kind.type, kind.name, certificate, kind.seal(certificate)];
  const term = [epochMs(since), epochMs(until), STATES[state], unit.region];
  return kind.specialties.map((specialty, row) => [
    ...[personKey(facts), ...registered, specialty, unitKey(unit), unitName, ...term, row + 1],
  ]);
}

function banRows(facts: Facts): Row[] {
  if (!facts.ban) return [];
  const { from, until } = facts.ban;
  const number = `测建注撤〔${yearOf(from)}〕${facts.index}号`;
  return [
    [
      personKey(facts),
      number,
      '撤销注册许可，三年内不得再次注册',
      '测试省住房和城乡建设厅',
      dateText(from),
      dateText(until),
    ],
  ];
}

function personKey(facts: Facts): string {
  return `R${String(facts.index).padStart(9, '0')}`;
}

function unitKey(unit: Unit): string {
  return `${unit.branch ? 'QF' : 'Q'}${String(unit.id).padStart(7, '0')}`;
}
