import { describe, expect, test } from '@jest/globals';
import { type Trail } from '../support/books.js';
import { type Strike } from './faults.js';
import { wasInterrupted } from './interrupted.js';

const AT = Date.parse('2026-11-21T10:00:00.000Z');
const trail = {
  disclosures: [{ line: { at: '2026-11-21T10:00:20.000Z', deadline: '2026-11-21T10:00:30.000Z' } }],
} as unknown as Pick<Trail, 'disclosures'>;
const strike = (kind: Strike['kind'], target: string, from: number, to: number): Strike => ({
  ...{ kind, target, from: AT + from, to: AT + to },
});

describe('an exchange without acknowledgement', () => {
  test.each([
    ['nothing was struck', []],
    ['its gateway was stopped in order', [strike('process-stopped', 'a.gateway.0', 20_000, 20_100)]],
    ['its gateway was killed', [strike('process-killed', 'a.gateway.0', 20_000, 20_100)]],
    ['its provider’s adapter was killed', [strike('process-killed', 'b.adapter.0', 20_000, 20_100)]],
    ['the broker was away', [strike('broker-killed', 'broker 1', 20_000, 31_000)]],
    ['the database was away before it was disclosed', [strike('postgres-stopped', 'postgres', 1_000, 6_000)]],
    [
      'the database went away after it was answered',
      [strike('postgres-stopped', 'postgres', 23_000, 28_000)],
    ],
    ['the database came back in time', [strike('postgres-stopped', 'postgres', 20_000, 21_000)]],
  ])('is not excused when %s', (_when, strikes) => {
    expect(wasInterrupted(trail, strikes)).toBe(false);
  });

  test('is not excused when nobody disclosed it', () => {
    const strikes = [strike('postgres-stopped', 'postgres', 20_000, 25_000)];
    expect(wasInterrupted(undefined, strikes)).toBe(false);
    expect(wasInterrupted({ disclosures: [] }, strikes)).toBe(false);
  });

  test('is excused when the database went away while it was disclosed, until its deadline', () => {
    const strikes = [strike('postgres-stopped', 'postgres', 20_500, 24_000)];
    expect(wasInterrupted(trail, strikes)).toBe(true);
  });
});
