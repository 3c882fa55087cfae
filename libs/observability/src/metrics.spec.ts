import { describe, expect, test } from '@jest/globals';
import { Metrics } from './index.js';

describe('a metric that is read elsewhere', () => {
  const source = { a: 1, b: 2 } as Record<string, number>;
  const metrics = new Metrics({ agency: 'hrss-990000' });
  metrics.counter('totals', 'x', ['kind'], (counter) => {
    for (const [kind, total] of Object.entries(source)) counter.inc({ kind }, total);
  });
  metrics.gauge('present', 'x', [], async (gauge) => {
    await Promise.resolve();
    gauge.set(Object.keys(source).length);
  });
  const read = async () =>
    (await metrics.registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));

  test('has what is there each time it is read, and nothing that has gone', async () => {
    expect(await read()).toEqual([
      'totals{kind="a",agency="hrss-990000"} 1',
      'totals{kind="b",agency="hrss-990000"} 2',
      'present{agency="hrss-990000"} 2',
    ]);
    delete source['a'];
    source['b'] = 5;
    expect(await read()).toEqual([
      'totals{kind="b",agency="hrss-990000"} 5',
      'present{agency="hrss-990000"} 1',
    ]);
  });
});
