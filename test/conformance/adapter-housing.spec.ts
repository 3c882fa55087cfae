import { openPool } from '#database';
import { HousingSource, housingHandlers } from '#apps/adapter-housing';
import { adapterConformance } from './adapter.js';
import { known, knownUnits, strangers, strangeUnits, useSystems } from './adapter-people.js';

const systems = useSystems();
const shared = { idType: 'citizen-id', normal: '990102198412120011' };

adapterConformance('the housing department', async () => {
  const { people, url } = systems();
  const usccs = await plant(url('housing'));
  return {
    agency: 'housing-990000',
    sourceUrl: url('housing'),
    open: (sourceUrl) => {
      const source = new HousingSource(sourceUrl);
      return { handlers: housingHandlers(source), close: () => source.close() };
    },
    subjects: {
      person: { known: known(people), unknown: strangers(people), ambiguous: [shared] },
      unit: { known: knownUnits(usccs), unknown: strangeUnits(), ambiguous: [] },
    },
    ofAnybody: ['HC-RP-03'],
  };
});

/** Two persons of one number. Gives the units to ask about: at one of them nobody is registered. */
async function plant(url: string): Promise<string[]> {
  const pool = openPool({ url, name: 'plant' });
  await pool.query(
    `insert into ry_jbxx (ry_id, ry_name, idcard_type, idcard) values ('T1', '甲测试', '111', $1), ('T2', '乙测试', '111', $1)`,
    [shared.normal],
  );
  const { rows } = await pool.query<{ uscc: string }>(
    'select qy_tyshxydm as uscc from qy_jbxx order by reg_qyid limit 40',
  );
  await pool.end();
  return rows.map(({ uscc }) => uscc);
}
