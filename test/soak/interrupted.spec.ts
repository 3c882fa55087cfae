import { describe, expect, test } from '@jest/globals';
import { type Trail } from '../support/books.js';
import { type Strike } from './faults.js';
import { wasInterrupted } from './interrupted.js';

const AT = Date.parse('2026-11-21T10:00:00.000Z');
const trail = {
  intents: [
    {
      origin: 'a/gateway/0',
      line: { at: '2026-11-21T10:00:00.000Z', deadline: '2026-11-21T10:00:30.000Z' },
    },
  ],
} as unknown as Pick<Trail, 'intents'>;
const strike = (kind: Strike['kind'], target: string, from: number): Strike => ({
  ...{ kind, target, from: AT + from, to: AT + from + 100 },
});

describe('an exchange without acknowledgement', () => {
  test.each([
    ['nothing was struck', []],
    ['its gateway was stopped in order', [strike('process-stopped', 'a.gateway.0', 1_000)]],
    ['another gateway was killed', [strike('process-killed', 'a.gateway.1', 1_000)]],
    ['its gateway was killed before it was asked', [strike('process-killed', 'a.gateway.0', -200)]],
    ['its gateway was killed after its deadline', [strike('process-killed', 'a.gateway.0', 30_001)]],
    ['the broker was away', [strike('broker-killed', 'broker 1', 1_000)]],
  ])('is not excused when %s', (_when, strikes) => {
    expect(wasInterrupted(trail, strikes)).toBe(false);
  });

  test('is not excused when nobody asked for it', () => {
    expect(wasInterrupted(undefined, [strike('postgres-stopped', 'postgres', 1)])).toBe(false);
    expect(wasInterrupted({ intents: [] }, [strike('postgres-stopped', 'postgres', 1)])).toBe(false);
  });

  test.each([
    ['its gateway was killed', strike('process-killed', 'a.gateway.0', 1_000)],
    ['the database was away', strike('postgres-stopped', 'postgres', 29_000)],
  ])('is excused when %s while it was under way', (_when, one) => {
    expect(wasInterrupted(trail, [one])).toBe(true);
  });
});
