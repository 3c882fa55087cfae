import { coded, documentNumber, month, number, type Column, type SourceView } from '#adapter';
import { ACCOUNT_STATES } from './fund.codes.js';

export { DOCUMENT_KINDS } from './fund.codes.js';

const region: Column = { sql: 'given.centre' };
const unitName: Column = { sql: 'u.dwmc' };
const unitUscc: Column = { sql: 'u.tyshxydm' };

/** When the newest of the centre's accounts was updated: its tables are a copy of its business system. */
const asOf = '(select max(gxsj) from grzhxx)';

/** PF-01: a person's accounts (个人账户), with the deposits of the asked months counted. */
export const accounts: SourceView = {
  columns: {
    personName: { sql: 'a.xingming' },
    idNumber: { sql: 'a.zjhm', read: documentNumber }, // old accounts hold the 15-digit form
    unitName,
    unitUscc,
    accountStatus: { sql: 'a.grzhzt', read: coded(ACCOUNT_STATES) },
    paidToMonth: { sql: 'a.jzny', read: month },
    monthsPaid: {
      sql: `(select count(distinct m.jcny) from grjcmx m
              where m.grzh = a.grzh and m.jcny between given.from_month and given.to_month)`,
      read: number,
    },
    contributionBase: { sql: 'a.grjcjs', read: number },
    region,
  },
  given: { centre: 'text', from_month: 'int', to_month: 'int' },
  from: `join grzhxx a on a.zjlx = asked.kind and a.zjhm = asked.number
         left join dwzhxx u on u.dwzh = a.dwzh`,
  number: 'a.zjhm',
  holder: 'a.xingming',
  present: 'true',
  order: 'a.khrq, a.grzh',
  asOf,
};

/** PF-02: the units that deposited for a person in one month. */
export const depositors: SourceView = {
  columns: { unitName, unitUscc, region },
  given: { centre: 'text', month: 'int' },
  from: `join grzhxx a on a.zjlx = asked.kind and a.zjhm = asked.number
         left join lateral (select distinct m.dwzh from grjcmx m where m.grzh = a.grzh and m.jcny = given.month) d on true
         left join dwzhxx u on u.dwzh = d.dwzh`,
  number: 'a.zjhm',
  holder: 'a.xingming',
  present: 'd.dwzh is not null',
  order: 'a.khrq, a.grzh, d.dwzh',
  asOf,
};
