import { dateText, monthOf, monthText } from '../calendar.js';
import { type Facts, type FundAccount } from '../facts.js';
import { fifteenDigits } from '../identity.js';
import { branchOf, isEnterprise, nameWrittenOtherwise, Place, type Unit } from '../unit.js';
import { type Row, type Scope, type SourceTable } from './source-table.js';

const ID_TYPES = {
  ...{ 'citizen-id': '01', passport: '03', 'permanent-residence': '04' },
  ...{ 'taiwan-permit': '99', 'hk-macau-permit': '99' },
};
const STATES = { normal: '01', sealed: '02', closed: '05' };
const RATE = 0.12;

/** A centre knows the accounts opened with it, and every unit of the province that might pay into it. */
export const fundTables: readonly SourceTable[] = [
  { name: 'dwzhxx', columns: ['dwzh', 'dwmc', 'dwzhzt', 'tyshxydm'], unitRows },
  {
    name: 'grzhxx',
    columns: [
      ...['grzh', 'dwzh', 'xingming', 'zjlx', 'zjhm', 'sjhm', 'khrq', 'jzny', 'grjcjs', 'grjcbl', 'dwjcbl'],
      ...['gryjce', 'dwyjce', 'grzhye', 'grzhzt', 'xhrq', 'gxsj'],
    ],
    personRows: (facts, scope) => here(facts, scope).map((account, at) => accountRow(facts, account, at)),
  },
  {
    name: 'grjcmx',
    columns: ['grzh', 'dwzh', 'jcny', 'jcje'],
    personRows: (facts, scope) =>
      here(facts, scope).flatMap((account, at) =>
        account.months.map((month) => [
          key(facts, at),
          unitKey(account.unit),
          monthText(month),
          deposit(facts) * 2,
        ]),
      ),
  },
];

function here(facts: Facts, { centre }: Scope): FundAccount[] {
  return facts.funds.filter((account) => account.centre === centre);
}

/** A unit whose accounts are old, or that is from outside, stands without its credit code, in the classic tables' way. */
function unitRows(unit: Unit): Row[] {
  const old = unit.place === Place.twoAccounts;
  const uscc = old || unit.place === Place.outsider ? null : unit.uscc;
  const rows: Row[] = [[unitKey(unit), old ? nameWrittenOtherwise(unit) : unit.name, '01', uscc]];
  if (isEnterprise(unit)) {
    const branch = branchOf(unit);
    rows.push([unitKey(branch), branch.name, '01', branch.uscc]);
  }
  return rows;
}

function accountRow(facts: Facts, { unit, status, since, months, updated }: FundAccount, at: number): Row {
  const monthly = deposit(facts);
  const paidTo = months.at(-1) ?? monthOf(since);
  const closed = status === 'closed' ? dateText(updated) : null;
  return [
    ...[key(facts, at), unitKey(unit), facts.name, ID_TYPES[facts.idKind]],
    ...[facts.oldFundId ? fifteenDigits(facts.idNumber) : facts.idNumber, facts.phone, dateText(since)],
    ...[monthText(paidTo), base(facts), RATE, RATE, monthly, monthly],
    ...[
      closed === null ? monthly * 2 * months.length : 0,
      STATES[status],
      closed,
      `${dateText(updated)}T00:00:00Z`,
    ],
  ];
}

function base(facts: Facts): number {
  return 5_000 + (facts.index % 90) * 100;
}

function deposit(facts: Facts): number {
  return Math.round(base(facts) * RATE);
}

function key(facts: Facts, at: number): string {
  return `G${at}${String(facts.index).padStart(9, '0')}`;
}

function unitKey(unit: Unit): string {
  return `${unit.branch ? 'B' : 'D'}${String(unit.id).padStart(8, '0')}`;
}
