import { describe, expect, test } from '@jest/globals';
import { useDatabase } from '#testing';
import {
  emptySources,
  fundSource,
  hrssSource,
  housingSource,
  loadProvince,
  type ProvinceSource,
} from './index.js';

describe('loading into databases that fail', () => {
  const housing = useDatabase(housingSource, { pipeline: false });
  const hrss = useDatabase(hrssSource, { pipeline: false });
  const fund = useDatabase(fundSource, { pipeline: false });
  const broken = useDatabase([], { pipeline: false });
  const newCentre = useDatabase(fundSource, { pipeline: false });
  const sourcesWith = (last: ProvinceSource['database']): ProvinceSource[] => [
    { vocabulary: 'housing', region: '990000', database: housing() },
    { vocabulary: 'hrss', region: '990000', database: hrss() },
    { vocabulary: 'fund', region: '990100', database: fund() },
    { vocabulary: 'fund', region: '990200', database: last },
  ];

  test('commits nothing anywhere when one of them has no tables', async () => {
    const sources = sourcesWith(broken());
    await expect(loadProvince({ seed: 1, persons: 50, sources })).rejects.toThrow('dwzhxx');
    expect(await emptySources(sources.slice(0, 3))).toHaveLength(3);
  });

  test('commits nothing anywhere when a row is refused in the middle', async () => {
    await fund().pool.query('alter table grjcmx add constraint refuse check (jcny < 202605)');
    const spare = sourcesWith(newCentre());
    await expect(loadProvince({ seed: 1, persons: 3_000, sources: spare })).rejects.toThrow('refuse');
    expect(await emptySources(spare)).toHaveLength(4);
    expect((await hrss().pool.query('select count(*)::int as n from ac43')).rows).toEqual([{ n: 0 }]);
  });
});

describe('loading a centre that joins later', () => {
  const [first, later] = [
    useDatabase(fundSource, { pipeline: false }),
    useDatabase(fundSource, { pipeline: false }),
  ];

  test('fills what is empty only, with its own accounts and no other centre’s', async () => {
    const sources: ProvinceSource[] = [
      { vocabulary: 'fund', region: '990100', database: first() },
      { vocabulary: 'fund', region: '990200', database: later() },
    ];
    await loadProvince({ seed: 1, persons: 200, sources: sources.slice(0, 1) });
    const empty = await emptySources(sources);
    expect(empty).toEqual(sources.slice(1));
    const counts = await loadProvince({ seed: 1, persons: 200, sources: empty });
    expect(Object.keys(counts)).toEqual(['fund-990200.dwzhxx', 'fund-990200.grzhxx', 'fund-990200.grjcmx']);
    const keys = async (database: ProvinceSource['database']) =>
      (await database.pool.query<{ grzh: string }>('select grzh from grzhxx')).rows.map(({ grzh }) => grzh);
    const [here, there] = [await keys(first()), await keys(later())];
    expect(there.length).toBeGreaterThan(0);
    expect(there.filter((key) => here.includes(key))).toEqual([]);
  });
});
