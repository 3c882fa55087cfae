import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { compileValidator } from '#contracts';
import { Problem } from '#problem';
import { ask, contributions, row, tableOf } from '../spec/sample.js';
import { decide, type Granted, releasedSchema, type ReleaseOptions, releaseUnder } from './index.js';
import { type FieldRule, type Grant } from './model.js';

const pseudonymKey = Buffer.alloc(32, 9);

/** The decision of a grant with these fields, every claim sent. */
function granted(fields: Record<string, FieldRule>, change: Partial<Grant> = {}): Granted {
  const decision = decide(tableOf({ fields, ...change }), ask({ claims: ['uscc'] }));
  if (!decision.granted) throw new Error(decision.problem);
  return decision;
}

interface Options extends Partial<ReleaseOptions> {
  claims?: Record<string, string>;
}

function released(fields: Record<string, FieldRule>, rows: unknown[], options: Options = {}) {
  const { claims = { uscc: 'x' }, ...rest } = options;
  return releaseUnder(granted(fields), { contract: contributions, pseudonymKey, ...rest })(rows, claims);
}

/** What one value leaves as. */
function leavesAs(name: string, rule: FieldRule, value: unknown, options: Options = {}): unknown {
  const [record] = released({ [name]: rule }, [row({ [name]: value })], options).records;
  return record?.[name];
}

function refusalOf(work: () => unknown): Problem {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const nothing = { records: [], heldBack: 0, rows: 0 };

describe('the whole subject is refused', () => {
  const plain: Record<string, FieldRule> = { payerName: { release: 'plain' } };

  test.each([
    ['a row that is no record', [row(), null]],
    ['a row that is a list', [[]]],
    ['a value of another type than the contract’s', [row(), row({ payerName: 42 })]],
    ['a missing value that the contract requires', [row({ payerName: undefined })]],
    ['more rows than the contract allows', Array.from({ length: 51 }, () => row())],
  ])('for %s', (_name, rows) => {
    expect(refusalOf(() => released(plain, rows)).problem).toBe('provider-contract');
  });

  test('for more rows than granted, as cutting them off would be a silent loss', () => {
    const rows = Array.from({ length: 11 }, () => row());
    expect(refusalOf(() => released(plain, rows))).toMatchObject({
      problem: 'limit-exceeded',
      extensions: { limit: 10 },
    });
    expect(released(plain, rows.slice(1)).rows).toBe(10);
    const outside = Array.from({ length: 5 }, () => row({ region: '990200' }));
    expect(released(plain, [...rows.slice(1), ...outside])).toMatchObject({ rows: 10, heldBack: 5 });
  });

  test('for a comparison whose claim this subject did not send, even among others that could be answered', () => {
    const fields: Record<string, FieldRule> = { ...plain, payerUscc: { release: 'match', claim: 'uscc' } };
    const claims = Object.create({ uscc: 'inherited' }) as Record<string, string>;
    expect(refusalOf(() => released(fields, [row()], { claims })).problem).toBe('claim-missing');
    expect(refusalOf(() => released(fields, [row()], { claims: {} })).field).toBe('/claims/uscc');
  });

  test('for a pseudonym without a key of 32 bytes', () => {
    for (const key of [undefined, Buffer.alloc(31)]) {
      const refusal = refusalOf(() =>
        leavesAs('idNumber', { release: 'pseudonym' }, '99010', { pseudonymKey: key }),
      );
      expect(refusal.problem).toBe('internal');
    }
  });

  test('without a word of the value in the error', () => {
    const refusal = refusalOf(() => released(plain, [row({ payerName: { secret: 'MARK' } })]));
    expect(refusal.toDocument()).toEqual({
      type: 'urn:exchange-gateway:problem:provider-contract',
      title: '提供方的答复不符合契约',
      status: 502,
      code: 5020,
      field: '/fields/payerName',
      detail: 'not what the contract says',
    });
    expect(refusal.cause).toBeUndefined();
  });
});

describe('rows', () => {
  const fields: Record<string, FieldRule> = { payerName: { release: 'plain' } };

  test('none are a true none', () => {
    expect(released(fields, [])).toEqual(nothing);
  });

  test('outside the granted regions, or of no told region, are held back and counted', () => {
    const regions = ['990101', '990200', '990000', '', 990101, undefined];
    expect(
      released(
        fields,
        regions.map((region) => row({ region })),
      ),
    ).toEqual({
      records: [{ payerName: '测试建设工程有限公司' }],
      heldBack: 5,
      rows: 1,
    });
  });

  test('are not looked at beyond granted fields, own properties and the region', () => {
    const extra: unknown = JSON.parse(
      '{"__proto__": {"payerName": "MARK"}, "salary": "MARK", "payerName": "甲", "region": "990101"}',
    );
    expect(released(fields, [extra])).toEqual({ records: [{ payerName: '甲' }], heldBack: 0, rows: 1 });
    const inherited = Object.assign(Object.create({ payerName: 'MARK' }), { region: '990101' }) as unknown;
    expect(refusalOf(() => released(fields, [inherited])).problem).toBe('provider-contract');
  });
});

describe('a field leaves', () => {
  test('in plain as it is, lists and yes or no included', () => {
    const plain: FieldRule = { release: 'plain' };
    const fields = { monthsPaid: plain, arrived: plain, months: plain, remark: plain };
    expect(released(fields, [row()]).records).toEqual([
      { monthsPaid: 7, arrived: true, months: ['2026-01', '2026-02'], remark: null },
    ]);
    expect(released(fields, [row({ months: undefined, remark: undefined })]).records).toEqual([
      { monthsPaid: 7, arrived: true },
    ]);
  });

  test('masked by its rule, or left out where there is nothing to mask', () => {
    const mask: FieldRule = { release: 'mask', mask: 'keep', first: 1, last: 1 };
    expect(leavesAs('idNumber', mask, '990101198503120010')).toBe('9****************0');
    expect(leavesAs('remark', mask, null)).toBeUndefined();
  });

  test.each([
    ['91990101MA00DEM14A', '91990101MA00DEM14A', '一致'],
    [' 91990101ma00dem14a ', '91990101MA00DEM14A', '一致'],
    ['９１９９０１０１ＭＡ００ＤＥＭ１４Ａ', '91990101MA00DEM14A', '一致'],
    ['91990101MA00DEM14', '91990101MA00DEM14A', '不一致'],
    ['', '91990101MA00DEM14A', '不一致'],
  ])('as a comparison: claim %j with %j is %s', (claim, value, answer) => {
    expect(
      leavesAs('payerUscc', { release: 'match', claim: 'uscc' }, value, { claims: { uscc: claim } }),
    ).toBe(answer);
  });

  test('as a comparison that finds nothing when the source holds nothing', () => {
    const rule: FieldRule = { release: 'match', claim: 'uscc' };
    expect(leavesAs('remark', rule, null, { claims: { uscc: 'x' } })).toBe('无记录');
    expect(leavesAs('remark', rule, undefined, { claims: { uscc: 'x' } })).toBe('无记录');
    expect(leavesAs('remark', rule, '', { claims: { uscc: '' } })).toBe('无记录');
  });

  test('in bands', () => {
    const rule: FieldRule = { release: 'band', bands: [1, 6, 12] };
    const bands = [0, 1, 5, 6, 11, 12, 24].map((months) => leavesAs('monthsPaid', rule, months));
    expect(bands).toEqual(['0', '1-5', '1-5', '6-11', '6-11', '12+', '12+']);
    const coarse: FieldRule = { release: 'band', bands: [3] };
    expect([2, 3].map((months) => leavesAs('monthsPaid', coarse, months))).toEqual(['0-2', '3+']);
  });

  test('under a pseudonym that only its requester and purpose share', () => {
    const rule: FieldRule = { release: 'pseudonym' };
    const fields = { idNumber: rule };
    const idNumber = '99010119650115017X';
    const by = (change: Partial<Granted>, value = idNumber) => {
      const decision = { ...granted(fields), ...change };
      const release = releaseUnder(decision, { contract: contributions, pseudonymKey });
      return release([row({ idNumber: value })]).records[0]?.['idNumber'];
    };
    const own = by({});
    const { grant } = granted(fields);
    expect(own).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(by({}, idNumber.toLowerCase())).toBe(own);
    const others = [
      by({ requester: 'housing-990200' }),
      by({ grant: { ...grant, purpose: 'other' } }),
      by({}, '990101198503120010'),
    ];
    expect(new Set([own, ...others]).size).toBe(4);
    expect(own).not.toBe(createHmac('sha256', pseudonymKey).update(idNumber).digest('base64url'));
  });
});

test('what is released fits its schema, and nothing else does', () => {
  const fields: Record<string, FieldRule> = {
    idNumber: { release: 'mask', mask: 'keep', first: 1, last: 1 },
    payerName: { release: 'plain' },
    payerUscc: { release: 'match', claim: 'uscc' },
    monthsPaid: { release: 'band', bands: [6] },
    remark: { release: 'plain' },
  };
  const decision = granted(fields);
  const schema = releasedSchema(contributions, decision);
  expect(schema).toEqual({
    type: 'object',
    additionalProperties: false,
    required: ['idNumber', 'payerName', 'payerUscc', 'monthsPaid'],
    properties: {
      idNumber: { type: 'string' },
      payerName: { type: 'string', minLength: 1, maxLength: 100 },
      payerUscc: { enum: ['一致', '不一致', '无记录'] },
      monthsPaid: { enum: ['0-5', '6+'] },
      remark: { type: ['string', 'null'] },
    },
  });
  const validate = compileValidator(schema);
  const [record] = released(fields, [row()]).records;
  expect(validate(record)).toBeUndefined();
  const bad = [
    { ...record, personName: 'x' },
    { ...record, payerUscc: '91990101MA00DEM14A' },
    { ...record, monthsPaid: 7 },
    { ...record, payerName: undefined },
  ];
  for (const changed of bad) expect(validate(JSON.parse(JSON.stringify(changed)))).toBeInstanceOf(Problem);
});
