import { describe, expect, test } from '@jest/globals';
import { useDatabase } from '#testing';
import { fundSource, hrssSource, housingSource, isLoaded, loadProvince } from './index.js';

describe('loading into databases that fail', () => {
  const housing = useDatabase(housingSource);
  const hrss = useDatabase(hrssSource);
  const fund = useDatabase(fundSource);
  const broken = useDatabase([]);

  test('commits nothing anywhere when one of them has no tables', async () => {
    const sources = { housing: housing(), hrss: hrss(), fund: { '990100': fund(), '990200': broken() } };
    await expect(loadProvince({ seed: 1, persons: 50, sources })).rejects.toThrow('dwzhxx');
    expect(await isLoaded(sources)).toBe(false);
  });

  test('commits nothing anywhere when a row is refused in the middle', async () => {
    await fund().pool.query('alter table grjcmx add constraint refuse check (jcny < 202605)');
    const spare = { housing: housing(), hrss: hrss(), fund: { '990100': fund(), '990200': fund() } };
    await expect(loadProvince({ seed: 1, persons: 3_000, sources: spare })).rejects.toThrow('refuse');
    expect(await isLoaded(spare)).toBe(false);
    expect((await hrss().pool.query('select count(*)::int as n from ac43')).rows).toEqual([{ n: 0 }]);
  });
});
