import { describe, expect, test } from '@jest/globals';
import { continueTrace, parseTraceparent } from './index.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const VALID = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

describe('a traceparent', () => {
  test('is continued with the same trace and flags and a new span', () => {
    const next = parseTraceparent(continueTrace(`00-${TRACE}-${SPAN}-00`));
    expect(next).toEqual({ traceId: TRACE, parentId: expect.stringMatching(/^[0-9a-f]{16}$/), flags: '00' });
    expect(next?.parentId).not.toBe(SPAN);
  });

  test('is made anew, sampled, where there is none', () => {
    const [one, two] = [continueTrace(), continueTrace()];
    expect(one).toMatch(VALID);
    expect(one).toMatch(/-01$/);
    expect(one.slice(3, 35)).not.toBe(two.slice(3, 35));
  });

  test.each([
    ['another version', `01-${TRACE}-${SPAN}-01`],
    ['a zero trace', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a zero span', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['something behind it', `00-${TRACE}-${SPAN}-01-more`],
    ['nothing', ''],
  ])('with %s is not continued', (_, text) => {
    expect(parseTraceparent(text)).toBeUndefined();
    expect(continueTrace(text)).toMatch(VALID);
    expect(continueTrace(text)).not.toContain(TRACE);
  });
});
