import { join } from 'node:path';
import { SampleSource, sampleHandlers } from '#apps/adapter-sample';
import { openPool } from '#database';
import { useDatabaseUrl } from '#testing';
import { adapterConformance } from './adapter.js';
import { known, strangers } from './adapter-people.js';
import { contractsWith } from './contracts-with.js';
import { loadBank } from './sample-centre/load.js';

const url = useDatabaseUrl();
/** One number of two customers, the older with 15 digits, under different names. */
const shared = { idType: 'citizen-id', normal: '990102198412120011' };

adapterConformance('a provident-fund centre whose accounts a bank keeps', async () => {
  const people = await loadBank(url());
  await plant();
  return {
    agency: 'fund-990102',
    contracts: contractsWith(join(import.meta.dirname, 'sample-centre/fund-990102.yaml')),
    sourceUrl: url(),
    open: (sourceUrl) => {
      const source = new SampleSource(sourceUrl, '990102');
      return { handlers: sampleHandlers(source), close: () => source.close() };
    },
    subjects: { person: { known: known(people), unknown: strangers(people), ambiguous: [shared] } },
  };
});

async function plant(): Promise<void> {
  const pool = openPool({ url: url(), name: 'plant' });
  await pool.query(
    `insert into t_cif values ('T1', '甲测试', 'A', '990102841212001'), ('T2', '乙测试', 'A', $1)`,
    [shared.normal],
  );
  await pool.end();
}
