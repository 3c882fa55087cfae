import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { withPiece } from './exchange-states.js';
import { judge, type Fault, type Pieces } from './judge.js';
import { type Piece } from './piece.js';
import {
  acknowledgement,
  changed,
  disclosure,
  intent,
  nothing,
  outcome,
  outcomes,
  refusal,
  replay,
  unknown,
  without,
} from './pieces.fixture.js';

describe('an exchange that was closed without its answer is complete when', () => {
  test.each<[string, Pieces]>([
    ['what came too late was acknowledged', { intent, disclosure, outcome: nothing, acknowledgement }],
    [
      'what came after the sweeper had closed it was acknowledged',
      {
        ...{ intent, disclosure, outcome: unknown },
        acknowledgement: changed(acknowledgement, { outcomes: { unknown: 2 }, reason: 'unknown' }),
      },
    ],
  ])('%s', (_, pieces) => expect(judge(pieces)).toEqual([]));
});

describe('an exchange does not reconcile when', () => {
  test.each<[string, Pieces, Fault[]]>([
    [
      'a second ordinary outcome says what came',
      { intent, disclosure, outcome: nothing, strays: [changed(outcome, { index: 2 })] },
      ['duplicate', 'disclosure-unacknowledged'],
    ],
    [
      'what nobody disclosed is acknowledged',
      { intent, outcome: nothing, acknowledgement },
      ['disclosure-missing'],
    ],
    [
      'another disclosure is acknowledged',
      { intent, disclosure, outcome: nothing, acknowledgement: changed(acknowledgement, { answer: 'x' }) },
      ['answer-differs'],
    ],
    [
      'what had come in time is acknowledged once more',
      {
        ...{ intent, disclosure, outcome: changed(outcome, { outcomes: { unavailable: 2 } }) },
        ...{ acknowledgement },
      },
      ['duplicate', 'counts-differ'],
    ],
    [
      'an acknowledgement stands beside an outcome that has its answer',
      { intent, disclosure, outcome, acknowledgement },
      ['duplicate'],
    ],
    [
      'there are two acknowledgements',
      { intent, disclosure, outcome: nothing, acknowledgement, strays: [acknowledgement] },
      ['duplicate'],
    ],
    [
      'an acknowledgement says that something came of it',
      { intent, disclosure, outcome: nothing, acknowledgement: changed(acknowledgement, { outcomes }) },
      ['counts-differ'],
    ],
    [
      'an acknowledgement says otherwise than the outcome why nothing came',
      { intent, disclosure, outcome: unknown, acknowledgement },
      ['counts-differ'],
    ],
    [
      'an acknowledgement gives another reason than the outcome',
      {
        intent,
        disclosure,
        outcome: nothing,
        acknowledgement: changed(acknowledgement, { reason: 'unknown' }),
      },
      ['counts-differ'],
    ],
    [
      'an acknowledgement gives no reason though the outcome has one',
      { intent, disclosure, outcome: nothing, acknowledgement: without(acknowledgement, 'reason') },
      ['counts-differ'],
    ],
    ...(['provider-contract', 'provider-evidence'] as const).map((reason): [string, Pieces, Fault[]] => [
      `what came in time and was refused (${reason}) is acknowledged as late`,
      {
        ...{ intent, disclosure, outcome: changed(nothing, { reason }) },
        acknowledgement: changed(acknowledgement, { reason }),
      },
      ['disclosure-unacknowledged'],
    ]),
    [
      'an acknowledgement stands beside an outcome that says that something came',
      { intent, disclosure, outcome: without(outcome, 'answer'), acknowledgement },
      ['counts-differ'],
    ],
    [
      'the acknowledgement’s terms differ',
      { intent, disclosure, outcome: nothing, acknowledgement: changed(acknowledgement, { subjects: 1 }) },
      ['terms-differ'],
    ],
    [
      'the acknowledgement is of another intent',
      { intent, disclosure, outcome: nothing, acknowledgement: without(acknowledgement, 'parent') },
      ['outcome-parent-differs'],
    ],
    [
      'only the acknowledgement is there',
      { acknowledgement },
      ['intent-missing', 'disclosure-missing', 'outcome-missing'],
    ],
    ['the outcome is not there yet', { intent, disclosure, acknowledgement }, ['outcome-missing']],
    [
      'a refusal before asking is acknowledged',
      { outcome: refusal, acknowledgement },
      ['intent-missing', 'disclosure-missing', 'counts-differ'],
    ],
    ['a replay is acknowledged', { outcome: replay, acknowledgement }, ['terms-differ']],
  ])('%s', (_, pieces, faults) => expect(judge(pieces)).toEqual(faults));
});

test('an acknowledgement is a piece of its own, in whatever order it comes; a second one is a stray', () => {
  const second = changed(acknowledgement, { index: 9 });
  const pieces = [acknowledgement, nothing, second].reduce<Pieces>(withPiece, {});
  expect(pieces).toEqual({ outcome: nothing, acknowledgement, strays: [second] });
});

test('whatever the order in which the logs come in, an exchange is judged alike', () => {
  const all = [intent, disclosure, nothing, acknowledgement];
  fc.assert(
    fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (order) => {
      expect(judge(order.reduce<Pieces>(withPiece, {}))).toEqual([]);
    }),
  );
});

test('an acknowledgement that is changed anywhere settles nothing', () => {
  const field = fc.constantFrom<keyof Piece>(
    'parent',
    'answer',
    'reason',
    'query',
    'region',
    'subjects',
    'deadline',
    'to',
  );
  fc.assert(
    fc.property(field, fc.string({ minLength: 1 }), (name, value) => {
      const other = changed(acknowledgement, { [name]: name === 'subjects' ? 3 : `other ${value}` });
      expect(judge({ intent, disclosure, outcome: nothing, acknowledgement: other })).not.toEqual([]);
    }),
  );
});
