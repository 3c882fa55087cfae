import { openDatabase, type Database } from '#database';
import { generateProvince, type GeneratedTable, type Label } from '#synthetic';
import { bankSource } from './schema.js';

const OPTIONS = { seed: 20260301, persons: 2_000 };
/** The synthetic centre whose accounts are written down here in the bank's way. */
const CENTRE = '990100';
const CERTIFICATES: Record<string, string> = { '01': 'A', '03': 'C', '04': 'D', '99': 'E' };
const STATES: Record<string, string> = {
  ...{ '01': 'N', '02': 'S', '03': 'M', '04': 'T', '05': 'W', '06': 'F' },
};

/** One row of the synthetic province in the names of JGJ/T 320. */
type Row = Record<string, string | number | null>;
type BankTables = Record<string, Row[]>;

/**
 * Fills an empty database with the bank's tables and a synthetic centre's accounts in them: half of the numbers from the
 * 1900s with 15 digits, amounts in 分, a withdrawal in each account's last month. Gives everybody in the province.
 */
export async function loadBank(url: string): Promise<Label[]> {
  const province = generateProvince(OPTIONS);
  const [units, accounts, deposits] = await Promise.all(province.fund[CENTRE].map(rowsOf));
  const database = await openDatabase({ url, name: 'fill', migrations: bankSource, pipeline: false });
  try {
    await insert(database, bankTables(units!, accounts!, deposits!));
  } finally {
    await database.close();
  }
  return collect(province.labels());
}

function bankTables(units: Row[], accounts: Row[], deposits: Row[]): BankTables {
  const days = accounts.map(({ gxsj }) => day(`${gxsj}`)).toSorted();
  return {
    t_corp: units.map(({ dwzh, dwmc, tyshxydm }) => ({ corp_no: dwzh!, corp_nm: dwmc!, uscc_no: tyshxydm! })),
    t_cif: accounts.map(customer),
    t_pfacct: accounts.map(account),
    t_pftxn: [...deposits.map(deposit), ...accounts.map(withdrawal)],
    t_sysdt: [{ biz_dt: days.at(-1)! }],
  };
}

/** One customer for each account, as a bank makes them: the same person may be there twice. */
function customer({ grzh, xingming, zjlx, zjhm }: Row, index: number): Row {
  const number = `${zjhm}`;
  const old = zjlx === '01' && number.slice(6, 8) === '19' && number.length === 18 && index % 2 === 0;
  const held = old ? `${number.slice(0, 6)}${number.slice(8, 17)}` : number;
  return { cust_no: short(grzh), cust_nm: xingming!, cert_tp: CERTIFICATES[`${zjlx}`]!, cert_no: held };
}

function account({ grzh, dwzh, grzhzt, khrq, jzny, grjcjs }: Row): Row {
  return {
    ...{ acct_no: grzh!, cust_no: short(grzh), corp_no: dwzh!, acct_sts: STATES[`${grzhzt}`]! },
    ...{ open_dt: day(`${khrq}`), lst_mth: `${jzny}`, base_amt: cents(grjcjs) },
  };
}

function deposit({ grzh, dwzh, jcny, jcje }: Row): Row {
  return { acct_no: grzh!, corp_no: dwzh!, txn_cd: 'D', txn_mth: `${jcny}`, txn_amt: cents(jcje) };
}

function withdrawal({ grzh, dwzh, jzny }: Row): Row {
  return { acct_no: grzh!, corp_no: dwzh!, txn_cd: 'W', txn_mth: `${jzny}`, txn_amt: -999_999_00 };
}

const cents = (yuan: unknown): number => Math.round(Number(yuan) * 100);
const day = (text: string): string => text.slice(0, 10).replaceAll('-', '');
const short = (key: unknown): string => `${key as string}`.replace(/^G/, '');

async function rowsOf(table: GeneratedTable): Promise<Row[]> {
  const all = await collect(table.rows());
  return all.map((row) => Object.fromEntries(table.columns.map((name, at) => [name, row[at] ?? null])));
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function insert({ pool }: Database, tables: BankTables): Promise<void> {
  for (const [name, rows] of Object.entries(tables)) {
    await pool.query(`insert into ${name} select * from json_populate_recordset(null::${name}, $1)`, [
      JSON.stringify(rows),
    ]);
  }
}
