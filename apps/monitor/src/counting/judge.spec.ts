import { describe, expect, test } from '@jest/globals';
import { withPiece } from './exchange-states.js';
import { judge, replayOf, type Fault, type Pieces } from './judge.js';
import {
  changed,
  disclosure,
  intent,
  nothing,
  outcome,
  outcomes,
  refusal,
  replay,
  without,
} from './pieces.fixture.js';

describe('an exchange is complete when', () => {
  test.each<[string, Pieces]>([
    ['all three entries match', { intent, disclosure, outcome }],
    ['nothing came, and its outcome says so', { intent, outcome: nothing }],
    [
      'it was closed by the sweeper, and nothing had come',
      { intent, outcome: changed(nothing, { outcomes: { unknown: 2 } }) },
    ],
    ['it was refused before it was asked', { outcome: refusal }],
    [
      'a count of nothing stands in one of them',
      { intent, disclosure, outcome: changed(outcome, { outcomes: { ...outcomes, refused: 0 } }) },
    ],
    [
      'counts stand in another order',
      { intent, disclosure, outcome: changed(outcome, { outcomes: { none: 1, found: 1 } }) },
    ],
    [
      'a refusal by the provider arrived',
      {
        intent,
        disclosure: changed(disclosure, { outcomes: { refused: 2 }, reason: 'day-quota' }),
        outcome: changed(outcome, { outcomes: { refused: 2 }, reason: 'day-quota' }),
      },
    ],
    ['a stored refusal was given once more', { outcome: changed(refusal, { replayed: true }) }],
  ])('%s', (_, pieces) => expect(judge(pieces)).toEqual([]));
});

describe('an exchange does not reconcile when', () => {
  test.each<[string, Pieces, Fault[]]>([
    ['only the intent is there', { intent }, ['disclosure-missing', 'outcome-missing']],
    ['only the disclosure is there', { disclosure }, ['intent-missing', 'outcome-missing']],
    ['only the outcome is there', { outcome }, ['intent-missing', 'disclosure-missing']],
    ['only an outcome that names an intent is there', { outcome: nothing }, ['intent-missing']],
    ['the intent is missing', { disclosure, outcome }, ['intent-missing']],
    ['the disclosure is missing', { intent, outcome }, ['disclosure-missing']],
    ['the outcome is missing', { intent, disclosure }, ['outcome-missing']],
    [
      'something is said to have come that nobody disclosed',
      { intent, outcome: without(outcome, 'answer') },
      ['disclosure-missing'],
    ],
    [
      'an answer is named that says nothing came',
      { intent, outcome: changed(nothing, { answer: 'leaf-x' }) },
      ['disclosure-missing'],
    ],
    [
      'an outcome says nothing at all',
      { intent, outcome: without(nothing, 'outcomes') },
      ['disclosure-missing'],
    ],
    [
      'something was released without having been asked',
      { outcome: changed(refusal, { outcomes: { found: 2 } }) },
      ['intent-missing', 'disclosure-missing'],
    ],
    [
      'the disclosure answers another intent',
      { intent, disclosure: changed(disclosure, { parent: 'x' }), outcome },
      ['disclosure-parent-differs'],
    ],
    [
      'the disclosure answers no intent',
      { intent, disclosure: without(disclosure, 'parent'), outcome },
      ['disclosure-parent-differs'],
    ],
    [
      'the outcome is of another intent',
      { intent, disclosure, outcome: changed(outcome, { parent: 'x' }) },
      ['outcome-parent-differs'],
    ],
    [
      'the outcome is of no intent',
      { intent, disclosure, outcome: without(outcome, 'parent') },
      ['outcome-parent-differs'],
    ],
    [
      'the outcome is of another disclosure',
      { intent, disclosure, outcome: changed(outcome, { answer: 'x' }) },
      ['answer-differs'],
    ],
    [
      'data left and the outcome says that nothing came',
      { intent, disclosure, outcome: nothing },
      ['disclosure-unacknowledged'],
    ],
    [
      'counts differ',
      { intent, disclosure, outcome: changed(outcome, { outcomes: { found: 2 } }) },
      ['counts-differ'],
    ],
    [
      'the requester differs',
      { intent, disclosure: changed(disclosure, { to: 'fund-1' }), outcome },
      ['terms-differ'],
    ],
    [
      'the provider differs',
      { intent: changed(intent, { to: 'fund-1' }), disclosure, outcome },
      ['terms-differ'],
    ],
    [
      'the query differs',
      { intent, disclosure: changed(disclosure, { query: 'HR-SI-02@1' }), outcome },
      ['terms-differ'],
    ],
    [
      'the region differs',
      { intent, disclosure: changed(disclosure, { region: '990200' }), outcome },
      ['terms-differ'],
    ],
    [
      'the number of subjects differs',
      { intent, disclosure, outcome: changed(outcome, { subjects: 3 }) },
      ['terms-differ'],
    ],
    [
      'the deadline differs',
      { intent: changed(intent, { deadline: '2026-03-02T01:00:11.000Z' }), disclosure, outcome },
      ['terms-differ'],
    ],
    [
      'a second disclosure is in another log',
      { intent, disclosure, outcome, strays: [changed(disclosure, { index: 7 })] },
      ['duplicate'],
    ],
    [
      'an entry is in a log that may not speak for it',
      { intent, disclosure, outcome, strays: [changed(intent, { origin: 'fund-1/gateway/0' })] },
      ['wrong-log'],
    ],
    ['a replay repeats what is not known yet', { outcome: replay }, ['replay-unmatched']],
    ['a replay has an intent of its own', { intent, outcome: replay }, ['terms-differ']],
  ])('%s', (_, pieces, faults) => expect(judge(pieces)).toEqual(faults));
});

test('a replay names the answer that it repeats, or the intent when nothing had come', () => {
  expect([
    replayOf({ outcome: replay }),
    replayOf({ outcome: without(replay, 'answer') }),
    replayOf({ outcome }),
  ]).toEqual(['leaf-2', 'leaf-1', undefined]);
});

test('the first entry of a kind in its own log is the exchange’s, any other a stray', () => {
  const foreign = changed(intent, { origin: 'fund-1/gateway/0' });
  const pieces = [foreign, intent, disclosure, changed(disclosure, { index: 1 })].reduce<Pieces>(
    withPiece,
    {},
  );
  expect(pieces).toEqual({ intent, disclosure, strays: [foreign, changed(disclosure, { index: 1 })] });
});
