import { coded, documentNumber, month, number, type Column, type SourceView } from '#adapter';
import { ACCOUNT_STATES } from './sample.codes.js';

export { DOCUMENT_KINDS } from './sample.codes.js';

const region: Column = { sql: 'given.centre' };
const unitName: Column = { sql: 'u.corp_nm' };
const unitUscc: Column = { sql: 'u.uscc_no' };

/** Deposits (D 汇缴) less those taken back (R 冲正); withdrawals (W 提取) are no contribution. */
const PAID = `t.txn_cd in ('D', 'R')`;

/** The bank copies its tables at the end of a business day (营业日期); the beginning of that day never says too much. */
const asOf = `(select max(to_date(biz_dt, 'YYYYMMDD'))::timestamp at time zone 'Asia/Shanghai' from t_sysdt)`;

/** PF-01: a person's accounts, with the months counted in which more was deposited than taken back. */
export const accounts: SourceView = {
  columns: {
    personName: { sql: 'c.cust_nm' },
    idNumber: { sql: 'c.cert_no', read: documentNumber }, // t_cif may hold the 15-digit form
    unitName,
    unitUscc,
    accountStatus: { sql: 'a.acct_sts', read: coded(ACCOUNT_STATES) },
    paidToMonth: { sql: 'a.lst_mth', read: month },
    monthsPaid: {
      sql: `(select count(*) from (
              select from t_pftxn t
               where t.acct_no = a.acct_no and ${PAID} and t.txn_mth between given.from_month and given.to_month
               group by t.txn_mth having sum(t.txn_amt) > 0) paid)`,
      read: number,
    },
    contributionBase: { sql: 'a.base_amt / 100.0', read: number },
    region,
  },
  given: { centre: 'text', from_month: 'text', to_month: 'text' },
  from: `join t_cif c on c.cert_tp = asked.kind and c.cert_no = asked.number
         left join t_pfacct a on a.cust_no = c.cust_no
         left join t_corp u on u.corp_no = a.corp_no`,
  number: 'c.cert_no',
  holder: 'c.cust_nm',
  present: 'a.acct_no is not null',
  order: 'a.open_dt, a.acct_no',
  asOf,
};

/** PF-02: the units that deposited for a person in one month. */
export const depositors: SourceView = {
  columns: { unitName, unitUscc, region },
  given: { centre: 'text', month: 'text' },
  from: `join t_cif c on c.cert_tp = asked.kind and c.cert_no = asked.number
         left join lateral (
           select t.corp_no from t_pfacct a join t_pftxn t on t.acct_no = a.acct_no
            where a.cust_no = c.cust_no and ${PAID} and t.txn_mth = given.month
            group by t.corp_no having sum(t.txn_amt) > 0) d on true
         left join t_corp u on u.corp_no = d.corp_no`,
  number: 'c.cert_no',
  holder: 'c.cust_nm',
  present: 'd.corp_no is not null',
  order: 'c.cust_no, d.corp_no',
  asOf,
};
