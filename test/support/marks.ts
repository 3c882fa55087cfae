import { openPool } from '#database';
import { type TestProvince } from './use-province.js';

/** Values that occur nowhere by chance, by contract code and field, as the agencies' own systems now hold them. */
export const MARKED_FIELDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'HR-SI-01': { personName: '标记甲名', payerName: '标记缴费单位' },
  'HR-SI-02': {},
  'HR-LR-01': { personName: '标记甲名', employerName: '标记缴费单位' },
  'HR-EX-01': { personName: '标记甲名', examName: '标记考试', unitAtRegistration: '标记报考单位' },
  'HR-AR-01': { holderName: '标记存档处' },
  'PF-01': { personName: '标记乙名', unitName: '标记缴存单位', contributionBase: '87654.32' },
  'PF-02': { unitName: '标记缴存单位' },
  'HC-RP-01': { personName: '标记丙名', certNo: 'MARKCERT', sealNo: 'MARKSEAL', unitName: '标记注册单位' },
  'HC-RP-02': { personName: '标记丙名', certNo: 'MARKCERT' },
  'HC-RP-03': { decisionNo: 'MARKBAN' },
};

/** What no contract knows at all: phones, balances, contributions, account numbers, reasons of a punishment. */
export const NEVER = [
  '10099887766',
  '10011223344',
  '7654321.09',
  '98765.43',
  '6543.21',
  'MARKACCT',
  '标记处罚事由',
];

export const ALL_MARKS = [
  ...new Set([...Object.values(MARKED_FIELDS).flatMap((fields) => Object.values(fields)), ...NEVER]),
];

const CHANGES: Readonly<Record<string, readonly string[]>> = {
  'hrss-990000': [
    `update ac01 set aac003 = '标记甲名'`,
    `update ab01 set aab004 = '标记缴费单位' || aab001`,
    `update ac43 set aae180 = 98765.43`,
    `update zyzg_ksbm set ksmc = '标记考试', bmdw = '标记报考单位'`,
    `update ryda set cfdw = '标记存档处'`,
  ],
  'housing-990000': [
    `update ry_jbxx set ry_name = '标记丙名', ry_mobile = '10011223344'`,
    `update ry_zcxx set reg_certno = 'MARKCERT' || right(reg_certno, 6), reg_seal_code = 'MARKSEAL' || right(reg_seal_code, 6), reg_qymc = '标记注册单位'`,
    `update ry_bljl set punish_number = 'MARKBAN' || right(punish_number, 4), punish_content = '标记处罚事由'`,
  ],
  ...Object.fromEntries(
    ['fund-990100', 'fund-990200'].map((centre) => [
      centre,
      [
        `update grzhxx set xingming = '标记乙名', sjhm = '10099887766', grjcjs = 87654.32, gryjce = 6543.21, grzhye = 7654321.09`,
        `update grjcmx set grzh = 'MARKACCT' || grzh`,
        `update grzhxx set grzh = 'MARKACCT' || grzh`,
        `update dwzhxx set dwmc = '标记缴存单位' || dwzh`,
      ],
    ]),
  ),
};

/** Puts the marked values into the agencies' own systems. */
export async function markSources({ databases }: TestProvince): Promise<void> {
  for (const [agency, statements] of Object.entries(CHANGES)) {
    const pool = openPool({ url: databases.sourceUrl(agency), name: 'mark', poolSize: 1 });
    try {
      for (const statement of statements) await pool.query(statement);
    } finally {
      await pool.end();
    }
  }
}
