import { openPool } from '#database';

/** Statements that bring the provider's own system into a state; `$1` is the person asked about. */
type Statements = readonly string[];

const HRSS_PERSON = '(select aac001 from ac01 where aae135 = $1)';
const HOUSING_PERSON = '(select ry_id from ry_jbxx where idcard = $1)';

/**
 * States of a provider's system that the sample persons are not in already, by the title of the contract example that
 * shows them. The examples agree with each other, so no state has to be undone for the next one.
 */
const STATES: Readonly<Record<string, Statements>> = {
  '注册被撤销、仍在禁期内': [
    `update ry_zcxx set reg_type = 'RY_ZCLB_04', reg_state = '4', reg_region = '990200' where ry_id = ${HOUSING_PERSON}`,
    ban(),
  ],
  在禁期内: [ban()],
  单位集体存档: [
    `delete from ryda where aac001 = ${HRSS_PERSON}`,
    `insert into ryda values (${HRSS_PERSON}, '测试市人才服务中心', '1', '2019-09-01', '990100')`,
  ],
  未存档: [`delete from ryda where aac001 = ${HRSS_PERSON}`],
  一级建造师考试: [
    `delete from zyzg_ksbm where aac001 = ${HRSS_PERSON}`,
    `insert into zyzg_ksbm values (${HRSS_PERSON}, '一级建造师', 2021, '测试建设工程有限公司', '1', '990100')`,
  ],
  固定期限合同: [
    `update ldyg_ba set htlx = '1', aae030 = '2024-07-01', aae031 = '2027-06-30' where aac001 = ${HRSS_PERSON}`,
  ],
  '一人由事业单位缴费，一人无记录': [`delete from ac43 where aac001 = ${HRSS_PERSON}`],
};

/** Of several persons asked about, the last is the one that the state is about. */
export async function prepare(state: string, sourceUrl: string, subjects: readonly { normal: string }[]) {
  const statements = STATES[state] ?? [];
  const pool = openPool({ url: sourceUrl, name: 'provider-state', poolSize: 1 });
  try {
    for (const statement of statements) await pool.query(statement, [subjects.at(-1)!.normal]);
  } finally {
    await pool.end();
  }
}

export const preparedStates: readonly string[] = Object.keys(STATES);

function ban(): string {
  return `insert into ry_bljl
    select ry_id, '测建罚决字〔2025〕1号', '撤销注册许可，三年内不得再次注册', '测试省住房和城乡建设厅', '2025-07-01', '2028-06-30'
      from ry_jbxx where idcard = $1 and not exists (select from ry_bljl b where b.ry_id = ry_jbxx.ry_id)`;
}
