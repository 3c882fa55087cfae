import { expect } from '@jest/globals';
import { openPool } from '#database';
import { HrssSource, hrssHandlers } from '#apps/adapter-hrss';
import { samplePersons } from '#synthetic';
import { adapterConformance } from './adapter.js';
import { asked, known, strangers, useSystems } from './adapter-people.js';

const systems = useSystems();

adapterConformance('the social-security department', async () => {
  const { people, url } = systems();
  await plant(url('hrss'));
  const twoNames = people.filter(({ situation }) => situation === 'two-names-in-hrss').map(asked);
  return {
    agency: 'hrss-990000',
    sourceUrl: url('hrss'),
    open: (sourceUrl) => {
      const source = new HrssSource(sourceUrl);
      return { handlers: hrssHandlers(source), close: () => source.close() };
    },
    subjects: { person: { known: known(people), unknown: strangers(people), ambiguous: twoNames } },
  };
});

/** The province has no running contract with an end. */
async function plant(url: string): Promise<void> {
  const pool = openPool({ url, name: 'plant' });
  const { rowCount } = await pool.query(
    `update ldyg_ba set htlx = '1', aae031 = '2099-12-31' where aac001 in (select aac001 from ac01 where aae135 = $1)`,
    [samplePersons[0]!.idNumber],
  );
  expect(rowCount).toBe(1);
  await pool.end();
}
