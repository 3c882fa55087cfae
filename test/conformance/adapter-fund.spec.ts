import { openPool } from '#database';
import { FundSource, fundHandlers } from '#apps/adapter-fund';
import { adapterConformance } from './adapter.js';
import { known, strangers, useSystems } from './adapter-people.js';

const systems = useSystems();
/** Two accounts of one number, the older with 15 digits, under different names. */
const shared = { idType: 'citizen-id', normal: '990102198412120011' };

adapterConformance('a provident-fund centre', async () => {
  const { people, url } = systems();
  await plant(url('fund-990100'));
  return {
    agency: 'fund-990100',
    sourceUrl: url('fund-990100'),
    open: (sourceUrl) => {
      const source = new FundSource(sourceUrl, '990100');
      return { handlers: fundHandlers(source), close: () => source.close() };
    },
    subjects: { person: { known: known(people), unknown: strangers(people), ambiguous: [shared] } },
  };
});

async function plant(url: string): Promise<void> {
  const pool = openPool({ url, name: 'plant' });
  for (const [account, name, number] of [
    ['T1', '甲测试', shared.normal],
    ['T2', '乙测试', `${shared.normal.slice(0, 6)}${shared.normal.slice(8, 17)}`],
  ]) {
    await pool.query(
      `insert into grzhxx (grzh, dwzh, xingming, zjlx, zjhm, khrq, jzny, grjcjs, grjcbl, dwjcbl, gryjce, dwyjce, grzhye,
                           grzhzt, gxsj)
       select $1, dwzh, $2, '01', $3, '2020-01-01', 202609, 5000, 0.12, 0.12, 600, 600, 0, '01', '2026-10-01'
         from dwzhxx order by dwzh limit 1`,
      [account, name, number],
    );
  }
  await pool.end();
}
