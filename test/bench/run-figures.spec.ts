import { describe, expect, test } from '@jest/globals';
import { isMet, type Figure, type Trial } from './figure.js';
import { resultOf } from './run-figures.js';

const never = (name: string): Trial => ({ name, run: () => Promise.reject(new Error('not run here')) });
const [ours, baseline] = [never('ours'), never('baseline')];

const figure: Figure = {
  id: 'speed',
  what: 'how fast',
  unit: '/s',
  ours: { trial: ours, value: 'perSecond' },
  baseline: { trial: baseline, value: 'perSecond' },
  goal: { at: 'least', now: 0.5, later: 0.8 },
  set: 'speed',
};

const runs = (own: number[], other: number[]) =>
  new Map([
    [ours, own.map((perSecond) => ({ perSecond, cpu: perSecond / 10 }))],
    [baseline, other.map((perSecond) => ({ perSecond }))],
  ]);

describe('a figure', () => {
  test('cannot be made of a trial that did not measure it', () => {
    const other = { ...figure, ours: { trial: ours, value: 'latency' } };
    expect(() => resultOf(other, runs([1], [1]))).toThrow('not a number');
  });

  test('has medians with least and most of both sides and of the ratio of each round, and what was measured beside', () => {
    expect(resultOf(figure, runs([50, 30, 60], [100, 100, 100]))).toEqual({
      ...{ id: 'speed', what: 'how fast', unit: '/s' },
      ours: { median: 50, min: 30, max: 60 },
      baseline: { median: 100, min: 100, max: 100 },
      ratio: { median: 0.5, min: 0.3, max: 0.6 },
      ...{ goal: '≥ 0.5', later: '≥ 0.8', met: true, repeats: 3 },
      beside: { ours: { cpu: 5 }, baseline: {} },
    });
  });

  test('without a baseline is held against its goal itself', () => {
    const { baseline: _baseline, ...alone } = figure;
    const memory: Figure = { ...alone, goal: { at: 'most', now: 20, later: 5 } };
    expect(resultOf(memory, runs([19], []))).toMatchObject({
      baseline: null,
      ratio: null,
      goal: '≤ 20',
      met: true,
    });
    expect(resultOf(memory, runs([21], []))).toMatchObject({ met: false });
  });
});

test.each([
  ['least', 0.5, true],
  ['least', 0.499, false],
  ['most', 0.5, true],
  ['most', 0.501, false],
] as const)('at %s 0.5 is reached by %p: %p', (at, value, met) => {
  expect(isMet({ at, now: 0.5, later: 0 }, value)).toBe(met);
});
