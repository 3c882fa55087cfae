import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type PublicLine } from '#evidence';
import { startOf, UNITS, volumesOf, type Volume } from './volumes.js';

const line = (more: Partial<PublicLine>): PublicLine => ({
  v: 1,
  kind: 'outcome',
  origin: 'housing-1/gateway/0',
  exchange: '00000000-0000-4000-8000-000000000000',
  at: '2026-03-02T16:30:59.999Z',
  from: 'housing-1',
  to: 'hrss-1',
  query: 'HR-SI-01@1',
  region: '990100',
  priv: '',
  ...more,
});
const key = { requester: 'housing-1', provider: 'hrss-1', query: 'HR-SI-01@1', region: '990100', reason: '' };
const zero = {
  exchanges: 0,
  subjects: 0,
  disclosures: 0,
  rows: 0,
  heldBack: 0,
  replays: 0,
  replayedSubjects: 0,
};
const minutes = (lines: PublicLine[]): Volume[] => volumesOf(lines).filter(({ unit }) => unit === 'minute');

describe('volumes', () => {
  test('begin at the minute, the hour and the day of Asia/Shanghai', () => {
    const starts = volumesOf([line({ outcomes: { none: 1 } })]).map(({ unit, at }) => [unit, at]);
    expect(Object.fromEntries(starts)).toEqual({
      minute: '2026-03-02T16:30:00.000Z',
      hour: '2026-03-02T16:00:00.000Z',
      day: '2026-03-02T16:00:00.000Z',
    });
    expect(startOf('day', Date.parse('2026-03-02T15:59:59.999Z'))).toBe(
      Date.parse('2026-03-01T16:00:00.000Z'),
    );
  });

  test('count an exchange once under its foremost outcome, and subjects under their own', () => {
    const at = '2026-03-02T16:30:00.000Z';
    expect(minutes([line({ outcomes: { none: 3, found: 2, refused: 0 } })])).toEqual([
      { ...zero, ...key, unit: 'minute', at, outcome: 'found', exchanges: 1, subjects: 2 },
      { ...zero, ...key, unit: 'minute', at, outcome: 'none', subjects: 3 },
    ]);
  });

  test('tell refusals by their reason, replays apart, rows by the provider’s word, and nothing of other entries', () => {
    const at = '2026-03-02T16:30:00.000Z';
    const lines = [
      line({ outcomes: { refused: 2 }, reason: 'not-granted' }),
      line({ outcomes: { found: 1 }, replayed: true }),
      line({
        kind: 'disclosure',
        from: 'hrss-1',
        to: 'housing-1',
        outcomes: { found: 1 },
        rows: 5,
        heldBack: 4,
      }),
      line({ outcomes: { unavailable: 2 }, answer: 'leaf', late: true }),
      line({ kind: 'intent' }),
      line({ kind: 'tick' }),
    ];
    expect(minutes(lines)).toEqual([
      {
        ...zero,
        ...key,
        unit: 'minute',
        at,
        outcome: 'found',
        replays: 1,
        replayedSubjects: 1,
        disclosures: 1,
        rows: 5,
        heldBack: 4,
      },
      {
        ...zero,
        ...key,
        unit: 'minute',
        at,
        outcome: 'refused',
        reason: 'not-granted',
        exchanges: 1,
        subjects: 2,
      },
    ]);
  });

  test('lose and double nothing, however lines fall together: every unit adds up to the lines themselves', () => {
    const outcomes = fc.dictionary(fc.constantFrom('found', 'none', 'refused', 'unavailable'), fc.nat(9), {
      minKeys: 1,
    });
    const lines = fc.array(
      fc.record({
        kind: fc.constantFrom('outcome' as const, 'disclosure' as const, 'intent' as const),
        at: fc
          .date({ min: new Date('2026-01-01'), max: new Date('2026-01-03'), noInvalidDate: true })
          .map((at) => at.toISOString()),
        from: fc.constantFrom('housing-1', 'fund-1'),
        outcomes,
        rows: fc.nat(9),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(lines, (some) => {
        const read = some.map((one) => line(one));
        const volumes = volumesOf(read);
        const sum = (list: number[]): number => list.reduce((a, b) => a + b, 0);
        const ended = read.filter(({ kind }) => kind === 'outcome');
        for (const unit of UNITS) {
          const of = volumes.filter((volume) => volume.unit === unit);
          expect(sum(of.map(({ exchanges }) => exchanges))).toBe(ended.length);
          expect(sum(of.map(({ subjects }) => subjects))).toBe(
            sum(ended.flatMap((one) => Object.values(one.outcomes!))),
          );
          expect(sum(of.map(({ rows }) => rows))).toBe(
            sum(read.flatMap(({ kind, rows }) => (kind === 'disclosure' ? [rows!] : []))),
          );
        }
        expect(
          new Set(
            volumes.map(({ exchanges: _e, subjects: _s, disclosures: _d, rows: _r, ...rest }) =>
              JSON.stringify(rest),
            ),
          ).size,
        ).toBe(volumes.length);
      }),
    );
  });
});
