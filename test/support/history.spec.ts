import { describe, expect, test } from '@jest/globals';
import { type EntryKind, type PublicLine } from '#evidence';
import { type Books, type Entry, type Trail } from './books.js';
import { faultsOfBooks, faultsOfHistory, harmed, unacknowledgedIn } from './history.js';
import { type Asked } from './load.js';

const [ASKER, PROVIDER] = ['housing-990100', 'hrss-990000'];
const NOBODY = { verifiers: () => [], owner: () => undefined };

function entry(kind: EntryKind, more: Partial<PublicLine> = {}): Entry {
  const [from, role] = kind === 'disclosure' ? [PROVIDER, 'adapter'] : [ASKER, 'gateway'];
  const origin = `${from}/${role}/0`;
  const to = kind === 'disclosure' ? ASKER : PROVIDER;
  const line: PublicLine = { v: 1, kind, origin, exchange: 'x', at: '', from, to, priv: '', ...more };
  return { origin, line, text: JSON.stringify(line), leaf: `leaf of ${kind}` };
}

const WHOLE: Trail = {
  intents: [entry('intent')],
  disclosures: [entry('disclosure', { parent: 'leaf of intent' })],
  outcomes: [entry('outcome', { parent: 'leaf of intent', answer: 'leaf of disclosure' })],
  acknowledgements: [],
};
const NOTHING = [entry('outcome', { parent: 'leaf of intent', outcomes: { unavailable: 1 } })];
const acknowledgement = (more: Partial<PublicLine> = {}): Entry =>
  entry('outcome', {
    ...{ parent: 'leaf of intent', answer: 'leaf of disclosure', outcomes: { unavailable: 1 }, late: true },
    ...more,
  });
const books = (trail: Partial<Trail>): Books => new Map([['x', { ...WHOLE, ...trail }]]);

const asked = (more: Partial<Asked> = {}): Asked => ({
  ...{ kind: 'social', requester: ASKER, provider: PROVIDER, requestId: 'r', begun: 0, ms: 10 },
  ...{ deadlineMs: 100, ending: 'answered', attempts: [] },
  ...more,
});

describe('the books of an exchange', () => {
  test('that was asked, disclosed and received once are without fault', () => {
    expect(faultsOfBooks(books({}))).toEqual([]);
  });

  test('that was acknowledged late are without fault', () => {
    const late = books({ outcomes: NOTHING, acknowledgements: [acknowledgement()] });
    expect([faultsOfBooks(late), unacknowledgedIn(late)]).toEqual([[], []]);
  });

  test.each<[string, Partial<Trail>, string[]]>([
    [
      'two acknowledgements',
      { outcomes: NOTHING, acknowledgements: [acknowledgement(), acknowledgement()] },
      ['x has two acknowledgements'],
    ],
    [
      'an acknowledgement of what was received',
      { acknowledgements: [acknowledgement()] },
      ['x was acknowledged and had its answer'],
    ],
    [
      'an acknowledgement of what nobody disclosed',
      { disclosures: [], outcomes: NOTHING, acknowledgements: [acknowledgement()] },
      ['x was acknowledged and never disclosed'],
    ],
    [
      'an acknowledgement of another question that says that something was given',
      {
        outcomes: NOTHING,
        acknowledgements: [acknowledgement({ parent: 'another', outcomes: { found: 1 } })],
      },
      ['x was acknowledged under another intent', 'x was acknowledged late and given'],
    ],
    [
      'two disclosures',
      { disclosures: [...WHOLE.disclosures, entry('disclosure')] },
      ['x has two disclosures'],
    ],
    ['no outcome', { outcomes: [] }, ['x was asked and never closed']],
    ['no intent', { intents: [] }, ['x was disclosed and never asked', 'x was closed under another intent']],
    ['a receipt of what nobody disclosed', { disclosures: [] }, ['x was received and never disclosed']],
    [
      'a disclosure to another question',
      { disclosures: [entry('disclosure', { parent: 'another' })] },
      ['x was disclosed to another intent'],
    ],
    [
      'a repetition of nothing',
      { intents: [], disclosures: [], outcomes: [entry('outcome', { replayed: true, answer: 'gone' })] },
      ['x repeats what nobody disclosed'],
    ],
  ])('with %s are at fault', (_what, trail, faults) => {
    expect(faultsOfBooks(books(trail))).toEqual(faults);
  });
});

test('a disclosure that nobody received is named, and is the monitor’s difference', () => {
  const lost = books({ outcomes: [entry('outcome', { parent: 'leaf of intent' })] });
  expect([unacknowledgedIn(lost), unacknowledgedIn(books({}))]).toEqual([['x'], []]);
});

describe('what an asker was told', () => {
  const told = { exchange: 'x', provider: PROVIDER, answer: 'unavailable', bundle: 1, results: [] };
  const failed = (reason: string, exchange = 'x'): Asked =>
    asked({
      ending: reason,
      refusal: { type: '', title: '', status: 504, code: 5041, exchanges: [{ ...told, exchange, reason }] },
    });
  const closed = books({
    disclosures: [],
    outcomes: [entry('outcome', { parent: 'leaf of intent', reason: 'provider-timeout' })],
  });

  test('and its own log says, too, is without fault', () => {
    expect(faultsOfHistory(closed, [failed('provider-timeout')], NOBODY)).toEqual([]);
  });

  test.each([
    [[failed('source-timeout')], ['x was recorded with another reason']],
    [[failed('provider-timeout', 'y')], ['y was told and never recorded']],
    [[failed('provider-timeout'), failed('provider-timeout')], ['x answered two requests']],
  ])('and no log bears out is found', (history, faults) => {
    expect(faultsOfHistory(closed, history, NOBODY)).toEqual(faults);
  });
});

describe('who is harmed by what befell another', () => {
  test('is whoever was not answered, or after the deadline', () => {
    const [late, refused] = [asked({ ms: 101 }), asked({ ending: 'provider-timeout' })];
    expect(harmed([asked(), late, refused], { except: [] })).toEqual([late, refused]);
  });

  test('cannot be told when nobody else asked', () => {
    expect(() => harmed([asked()], { except: [PROVIDER] })).toThrow('nobody asked anybody else');
  });
});
