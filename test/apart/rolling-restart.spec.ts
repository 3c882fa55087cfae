import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { PROVINCE } from '#apps/demo';
import { useApart } from '../support/apart.js';
import { endings, settled } from '../support/history.js';
import { Load, type Asked } from '../support/load.js';

jest.setTimeout(180_000);

const [ASKER, PROVIDER, ALONE] = ['housing-990100', 'hrss-990000', 'fund-990100'] as const;

/** The asker has two gateways, the provider two adapters; the fund centre has one of each. */
const province = useApart({ agencies: [ASKER, PROVIDER, ALONE], secure: false });

describe('a process that is restarted in order while questions run', () => {
  let load: Load;
  beforeAll(async () => {
    load = new Load(province(), { askers: { social: 3, fund: 2 }, deadlineMs: 30_000 });
    await load.answers(10);
  });
  afterAll(() => load.stop());

  test.each([
    ['the only adapter of its agency', `${ALONE}.adapter.0`],
    ['one adapter of two', `${PROVIDER}.adapter.0`],
    ['the other adapter of two', `${PROVIDER}.adapter.1`],
    ['one gateway of two', `${ASKER}.gateway.0`],
    ['the other gateway of two', `${ASKER}.gateway.1`],
    ['an audit server', `${PROVIDER}.audit.0`],
    ['the monitor', `${PROVINCE}.monitor.0`],
  ])('%s fails none of them', async (_which, name) => {
    const before = load.history.length;
    await province().child(name).stop();
    await load.answers(5, 'social');
    await province().start(name);
    await Promise.all([load.answers(5, 'social'), load.answers(5, 'fund')]);
    const during = load.history.slice(before);
    expect(during.filter(({ ending }) => ending !== 'answered').map(inShort)).toEqual([]);
  });

  test('leaves no exchange open, and a difference of 0', async () => {
    const history = await load.stop();
    const { faults, reconciliation } = await settled(province(), history);
    expect([faults, endings(history)]).toEqual([[], { answered: history.length }]);
    expect(reconciliation).toMatchObject({ difference: 0, pending: 0 });
  });
});

function inShort({ kind, ending, ms, attempts }: Asked): object {
  return { kind, ending, ms, attempts };
}
