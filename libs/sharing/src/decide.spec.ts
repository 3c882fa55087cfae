import { describe, expect, test } from '@jest/globals';
import { ask, AT, grant, scheme, table, tableOf } from '../spec/sample.js';
import { decide } from './index.js';
import { type Ask, type Grant } from './model.js';

/** The decision about one grant to the housing bureau. */
function decided(change: Partial<Grant>, asked: Partial<Ask> = {}) {
  return decide(tableOf(change), ask(asked));
}

const refused = (problem: string, field?: string) => ({ granted: false, problem, ...(field && { field }) });

describe('a question is refused', () => {
  test('when nothing grants the query to the requester or its class', () => {
    expect(decided({}, { query: 'HR-SI-02@1' })).toEqual(refused('not-granted'));
    expect(decided({}, { query: 'HR-SI-01@2' })).toEqual(refused('not-granted'));
    expect(decided({}, { requester: 'housing-990200' })).toEqual(refused('not-granted'));
    expect(decided({}, { requester: '__proto__', requesterClass: 'constructor' })).toEqual(
      refused('not-granted'),
    );
  });

  test('when the grant is suspended, since when does not matter', () => {
    const suspended = { since: '2026-12-01', reason: '核查中' };
    expect(decided({ suspended })).toEqual(refused('grant-suspended'));
    expect(decided({ suspended }, { purpose: { code: 'other', case: 'c' } })).toEqual(
      refused('grant-suspended'),
    );
  });

  test('before the first and after the last moment of its validity, in Chinese days', () => {
    const from = Date.parse('2026-01-01T00:00:00+08:00');
    const end = Date.parse('2027-01-01T00:00:00+08:00');
    expect(decided({}, { at: from - 1 })).toEqual(refused('grant-not-in-force'));
    expect(decided({}, { at: end })).toEqual(refused('grant-not-in-force'));
    expect(decided({}, { at: Number.NaN })).toEqual(refused('grant-not-in-force'));
    expect(decided({}, { at: from })).toMatchObject({ granted: true });
    expect(decided({}, { at: end - 1 })).toMatchObject({ granted: true });
    const exact = { validity: { from: '2026-01-01T00:00:00+08:00', to: '2027-01-01T00:00:00+08:00' } };
    expect(decided(exact, { at: end })).toEqual(refused('grant-not-in-force'));
    expect(decided(exact, { at: end - 1 })).toMatchObject({ granted: true });
  });

  test('for another purpose, or one without campaign and case', () => {
    expect(decided({}, { purpose: { code: 'other', case: 'c' } })).toEqual(
      refused('purpose-not-granted', '/purpose/code'),
    );
    expect(decided({}, { purpose: { code: 'case-verification' } })).toEqual(
      refused('purpose-not-granted', '/purpose'),
    );
  });

  test('for another campaign than those the grant names, a case instead of one included', () => {
    const purposes = [{ code: 'licence-screening', campaigns: ['TC-2026-01'] }];
    const other = refused('purpose-not-granted', '/purpose/campaign');
    const code = 'licence-screening';
    expect(decided({ purposes }, { purpose: { code, campaign: 'TC-2025-01' } })).toEqual(other);
    expect(decided({ purposes }, { purpose: { code, case: 'TC-2026-01' } })).toEqual(other);
    expect(decided({ purposes }, { purpose: { code, campaign: 'TC-2026-01' } })).toMatchObject({
      granted: true,
    });
  });

  test('for a region outside the grant, above it, or none at all', () => {
    const other = refused('region-out-of-scope', '/region');
    for (const region of ['990200', '990000', '99010', '', '9901010', '９９０１０１']) {
      expect(decided({}, { region })).toEqual(other);
    }
    expect(decided({}, { region: '990101' })).toMatchObject({ granted: true });
  });

  test('for more months than granted, or a number that is no length', () => {
    const many = refused('limit-exceeded', '/params');
    for (const months of [25, 0, -1, Number.NaN, Infinity]) expect(decided({}, { months })).toEqual(many);
    expect(decided({}, { months: 24 })).toMatchObject({ granted: true });
    expect(decided({ rows: { max: 1 } }, { months: 999 })).toMatchObject({ granted: true });
  });

  test.each([
    ['not granted', ['payerName', 'payerUscc'], '/fields/1'],
    ['unknown', ['salary'], '/fields/0'],
    ['a wildcard', ['*'], '/fields/0'],
    ['in another case', ['PayerName'], '/fields/0'],
    ['in full-width letters', ['ｐayerName'], '/fields/0'],
    ['a path', ['payerName/0'], '/fields/0'],
    ['inherited by every object', ['__proto__'], '/fields/0'],
    ['named twice', ['payerName', 'payerName'], '/fields/1'],
    ['none', [], '/fields'],
  ])('for a field that is %s', (_name, fields, pointer) => {
    expect(decided({}, { fields })).toEqual(refused('field-not-granted', pointer));
  });

  test('when only comparisons are left to answer and no claim was sent', () => {
    const fields: Grant['fields'] = {
      payerUscc: { release: 'match', claim: 'uscc' },
      region: { release: 'plain' },
    };
    expect(decided({ fields }, { fields: ['payerUscc'] })).toEqual(refused('claim-missing', '/subjects'));
  });

  test('for the first reason of the order, however many there are', () => {
    const wrong: Partial<Ask> = {
      region: '110000',
      months: 99,
      fields: ['x'],
      purpose: { code: 'other' },
      at: 0,
    };
    const right = ask();
    const steps: [Partial<Ask>, string][] = [
      [{ at: right.at }, 'grant-not-in-force'],
      [{ purpose: right.purpose }, 'purpose-not-granted'],
      [{ region: right.region }, 'region-out-of-scope'],
      [{ months: 1 }, 'limit-exceeded'],
      [{ fields: ['payerName'] }, 'field-not-granted'],
    ];
    let asked = { ...ask(), ...wrong };
    for (const [repair, problem] of steps) {
      expect(decided({}, asked)).toMatchObject({ granted: false, problem });
      asked = { ...asked, ...repair };
    }
    expect(decided({}, asked)).toMatchObject({ granted: true });
  });
});

describe('a granted question', () => {
  const fields: Grant['fields'] = {
    payerUscc: { release: 'match', claim: 'uscc' },
    payerName: { release: 'plain' },
    region: { release: 'plain' },
  };
  const never = ['personName', 'idNumber', 'monthsPaid', 'arrived', 'months', 'remark'].map((field) => ({
    field,
    reason: 'not-granted',
  }));

  test('gets all granted fields in the contract’s order, and is told what is withheld and why', () => {
    const decision = decided({ fields }, { claims: ['uscc'] });
    expect(decision).toMatchObject({ granted: true, requester: 'housing-990100', withheld: never });
    expect(decision.granted && [...decision.fields]).toEqual([
      ['payerName', { release: 'plain' }],
      ['payerUscc', { release: 'match', claim: 'uscc' }],
      ['region', { release: 'plain' }],
    ]);
    expect(decision.granted && decision.grant).toMatchObject({
      scheme: 'hrss-990000/housing-990100',
      version: 1,
      purpose: 'case-verification',
      basis: ['晋建审字〔2024〕179号 二(二)'],
      rows: { max: 10, months: 24 },
      quota: { perDay: 100, perSubjectPerDay: 5, burst: 50 },
    });
  });

  test('gets no comparison without its claim, and nothing it did not ask for', () => {
    const decision = decided({ fields }, { fields: ['region', 'payerUscc'], claims: ['name'] });
    expect(decision.granted && [...decision.fields.keys()]).toEqual(['region']);
    expect(decision.granted && decision.withheld).toEqual([
      ...never,
      { field: 'payerName', reason: 'not-asked' },
      { field: 'payerUscc', reason: 'no-claim' },
    ]);
  });
});

describe('a grant to a class', () => {
  const toClass = scheme({
    scheme: 'hrss/housing',
    requester: 'housing',
    grants: [grant({ regions: ['990000'] })],
  });

  test('holds for each agency of it and for no agency named like it', () => {
    expect(decide(table(toClass), ask({ requester: 'housing-990200' }))).toMatchObject({ granted: true });
    const impostor = ask({ requester: 'housing', requesterClass: 'data' });
    expect(decide(table(toClass), impostor)).toEqual(refused('not-granted'));
  });

  test('gives way to the agency’s own for the same purpose, and only for that', () => {
    const suspended = { since: '2026-01-01', reason: '核查中' };
    const both = table(toClass, scheme({ grants: [grant({ suspended })] }));
    expect(decide(both, ask())).toEqual(refused('grant-suspended'));
    const elsewhere = grant({ suspended, purposes: [{ code: 'licence-screening' }] });
    expect(decide(table(toClass, scheme({ grants: [elsewhere] })), ask())).toMatchObject({ granted: true });
  });
});

test('a purpose that no grant names is refused as such while any grant of the query is in force', () => {
  const expired = grant({ purposes: [{ code: 'a' }], validity: { from: '2025-01-01', to: '2025-12-31' } });
  const current = grant({ purposes: [{ code: 'b' }] });
  const asked = ask({ purpose: { code: 'c', case: '1' }, at: AT });
  expect(decide(table(scheme({ grants: [expired] })), asked)).toEqual(refused('grant-not-in-force'));
  expect(decide(table(scheme({ grants: [expired, current] })), asked)).toEqual(
    refused('purpose-not-granted', '/purpose/code'),
  );
});
