import { afterEach, describe, expect, test } from '@jest/globals';
import { type PublicLine } from '#evidence';
import { answerWith, EXCHANGE, ORIGIN, rawKey, receiptOf, verifierKey } from './evidence.fixture.js';
import { json, key, startTestGateway, type TestGateway } from './gateway.fixture.js';
import {
  ExchangeGatewayClient,
  trustKeys,
  trustRegistry,
  verifyAnswer,
  verifyCall,
  type CallAnswer,
} from './index.js';

const trust = trustKeys([verifierKey]);

function findings(answer: CallAnswer, by = trust, requester = 'housing-990100'): string[] {
  return verifyAnswer(answer, requester, by).flatMap((one) => one.findings.map(({ what }) => what));
}

function vouched(answer: CallAnswer): unknown[] {
  return verifyAnswer(answer, 'housing-990100', trust).flatMap(({ findings: found }) => found);
}

function changed(change: Partial<CallAnswer['exchanges'][number]>): CallAnswer {
  const answer = answerWith(receiptOf());
  return { ...answer, exchanges: [{ ...answer.exchanges[0]!, ...change }] };
}

describe('an answer is not vouched for', () => {
  test('without a receipt', () => {
    expect(findings(answerWith(undefined))).toEqual(['receipt-missing']);
  });

  test('by a log that nobody vouches for', () => {
    expect(findings(answerWith(receiptOf()), trustKeys([]))).toEqual([
      'checkpoint-unverified',
      'other-provider',
    ]);
  });

  test('by a key that was registered for smaller trees only', () => {
    const registry = trustRegistry({
      logKeys: () => [{ publicKey: rawKey, fromSize: 0, toSize: 4 }],
      logOwner: () => 'hrss-990000',
    });
    expect(findings(answerWith(receiptOf()), registry)).toEqual(['checkpoint-unverified']);
  });

  test('by the log of another agency', () => {
    const registry = trustRegistry({
      logKeys: () => [{ publicKey: rawKey, fromSize: 0 }],
      logOwner: () => 'fund-990100',
    });
    expect(findings(answerWith(receiptOf()), registry)).toEqual(['other-provider']);
  });

  test.each<[string, Partial<PublicLine>]>([
    ['other-kind', { kind: 'outcome' }],
    ['other-exchange', { exchange: '44444444-4444-4444-8444-444444444444' }],
    ['other-provider', { from: 'fund-990100' }],
    ['other-requester', { to: 'housing-990200' }],
    ['other-query', { query: 'HR-SI-02@1' }],
    ['other-bundle', { bundle: 2 }],
    ['counts-differ', { outcomes: { none: 1 } }],
    ['counts-differ', { rows: 2 }],
    ['counts-differ', { heldBack: 1 }],
  ])('by an entry of its log with %s', (what, change) => {
    expect(findings(answerWith(receiptOf(change)))).toEqual([what]);
  });

  test.each<[string, Partial<CallAnswer['exchanges'][number]>, string[]]>([
    ['fields', { fields: { payerName: 'mask' } }, ['fields-differ', 'values-differ']],
    ['a count', { heldBack: 1 }, ['counts-differ', 'values-differ']],
    ['another exchange', { exchange: 'e' }, ['other-exchange']],
    ['another bundle', { bundle: 4 }, ['other-bundle', 'values-differ']],
    [
      'no record',
      { results: [{ subject: 0, answer: 'none', records: [] }] },
      ['counts-differ', 'values-differ'],
    ],
    ['another provider', { provider: 'fund-990100' }, ['other-provider', 'values-differ']],
    ['another state of the data', { dataTime: '2026-06-01T00:00:00.000Z' }, ['values-differ']],
    ['a member that no provider sent', { remark: 'x' } as object, ['values-differ']],
    ['a text that no provider can send', { dataTime: '\ud800' }, ['values-differ']],
  ])('when it says other things than the entry: %s', (_what, change, found) => {
    expect(findings(changed(change))).toEqual(found);
  });

  test('by a receipt that was changed, and all that is wrong is told', () => {
    const { entry, proof } = receiptOf();
    const spoilt = { entry: entry.replace('"rows":1', '"rows":2'), private: '{}', proof };
    expect(findings(changed({ receipt: spoilt }))).toEqual([
      'private-line-unreadable',
      'private-line-differs',
      'not-included',
      'counts-differ',
      'values-differ',
    ]);
    expect(findings(changed({ receipt: { entry: 1 } as never }))).toEqual(['not-a-receipt']);
  });
});

describe('the values of an answer', () => {
  const values = answerWith(undefined).exchanges[0]!;
  const places = leavesOf(values).filter(
    ([first]) => !['exchange', 'provider', 'bodyNonce'].includes(first!),
  );

  test('are those that the log committed to: not one of them can be another', () => {
    expect(places).toContainEqual(['results', '0', 'records', '0', 'payerName']);
    for (const place of places) {
      const answer = answerWith(receiptOf());
      answer.exchanges[0] = replaced(answer.exchanges[0]!, place) as (typeof answer.exchanges)[0];
      expect([place.join('/'), findings(answer)]).toEqual([
        place.join('/'),
        expect.arrayContaining(['values-differ']),
      ]);
    }
  });

  test('verify in whatever order their members arrive', () => {
    const swapped = reversed(answerWith(receiptOf())) as CallAnswer;
    expect(JSON.stringify(swapped)).not.toBe(JSON.stringify(answerWith(receiptOf())));
    expect(findings(swapped)).toEqual([]);
  });

  test.each<[string, unknown]>([
    ['no nonce', undefined],
    ['a nonce that is none', null],
    ['a short nonce', 'AAAA'],
  ])('are not vouched for with %s', (_what, bodyNonce) => {
    expect(vouched(changed({ bodyNonce } as object))).toEqual([
      { what: 'values-differ', detail: 'the answer has no bodyNonce' },
    ]);
  });

  test('are not vouched for with the nonce of another answer', () => {
    const bodyNonce = Buffer.alloc(16, 8).toString('base64url');
    expect(vouched(changed({ bodyNonce }))).toEqual([{ what: 'values-differ' }]);
  });

  test('are not vouched for once the private line is erased', () => {
    const { private: _erased, ...receipt } = receiptOf();
    expect(vouched(changed({ receipt }))).toEqual([
      { what: 'values-differ', detail: 'the receipt has no bodyHash' },
    ]);
  });
});

test('an answer is vouched for by its provider’s log, and a provider that did not answer needs no receipt', () => {
  const answer = answerWith(receiptOf());
  const silent = {
    ...answer.exchanges[0]!,
    provider: 'fund-990100',
    answer: 'unavailable' as const,
    results: [],
  };
  const { receipt: _none, ...without } = silent;
  answer.exchanges.push(without);
  expect(verifyAnswer(answer, 'housing-990100', trust)).toEqual([
    {
      exchange: EXCHANGE,
      provider: 'hrss-990000',
      verified: true,
      findings: [],
      log: { origin: ORIGIN, index: 2, size: 5 },
    },
  ]);
});

describe('what is said of a call as a whole', () => {
  const silent = {
    ...{ exchange: EXCHANGE, provider: 'fund-990100', answer: 'unavailable' as const, bundle: 1 },
    ...{ results: [], withheld: [], fields: {}, heldBack: 0 },
  };
  const differing = (answer: CallAnswer) => verifyCall(answer).findings;

  test('is what its exchanges give', () => {
    expect(differing(answerWith(receiptOf()))).toEqual([]);
    const partial = answerWith(receiptOf());
    partial.exchanges.push(silent);
    expect(differing({ ...partial, answer: 'partial', missing: ['fund-990100'] })).toEqual([]);
  });

  test.each<[string, Partial<CallAnswer>, string[]]>([
    ['none for found', { answer: 'none' }, ['answer']],
    ['partial for found', { answer: 'partial' }, ['answer']],
    ['somebody missing who is not', { missing: ['fund-990100'] }, ['missing']],
    ['a list that is none', { missing: 'x' as never }, ['missing']],
  ])('is not believed when it says %s', (_what, change, details) => {
    const found = differing({ ...answerWith(receiptOf()), ...change });
    expect(found).toEqual(details.map((detail) => ({ what: 'call-differs', detail })));
  });

  test('names what no log covers: the gateway’s own members, and who did not answer', () => {
    const answer = { ...answerWith(receiptOf()), notices: [] };
    answer.exchanges.push(silent);
    expect(verifyCall(answer).notCovered).toEqual(['call', 'requestId', 'notices', 'fund-990100']);
  });
});

describe('a client that verifies', () => {
  let gateway: TestGateway;
  afterEach(() => gateway.close());
  const question = {
    operatorId: 'o',
    purpose: { code: 'case-verification', case: 'C-1' },
    region: '990100',
    subjects: [],
    params: { months: { from: '2026-01', to: '2026-01' } },
  };

  async function ask(answer: CallAnswer): Promise<unknown> {
    gateway = await startTestGateway((to) => json(to, answer));
    return new ExchangeGatewayClient({ gateways: [gateway.url], ...key, verify: true, trust })
      .ask('HR-SI-01', question)
      .catch((error: unknown) => error);
  }

  test('throws an answer away whose evidence does not hold', async () => {
    expect(await ask(answerWith(receiptOf({ bundle: 9 })))).toMatchObject({
      problem: 'provider-evidence',
      detail: `${EXCHANGE} other-bundle`,
    });
  });

  test('throws an answer away that says another thing than its exchanges', async () => {
    expect(await ask({ ...answerWith(receiptOf()), answer: 'none' })).toMatchObject({
      problem: 'provider-evidence',
      detail: 'call-differs answer',
    });
  });

  test('gives an answer back whose evidence holds', async () => {
    const answer = answerWith(receiptOf());
    expect(await ask(answer)).toEqual(answer);
  });
});

/** Paths of all texts, numbers and truth values. */
function leavesOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, member]) => leavesOf(member, [...path, name]));
}

/** A copy with another value of the same type at one place. */
function replaced(value: unknown, [name, ...rest]: string[]): unknown {
  if (name === undefined) {
    if (typeof value === 'number') return value + 1;
    return typeof value === 'boolean' ? !value : `${String(value)}。`;
  }
  const copy = structuredClone(value) as Record<string, unknown>;
  copy[name] = replaced(copy[name], rest);
  return copy;
}

/** The same value with the members of every object in the opposite order; lists keep theirs. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, member]) => [name, reversed(member)]),
  );
}
