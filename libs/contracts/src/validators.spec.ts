import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Contract, loadContracts, recordValidator, requestValidator } from './index.js';

const contracts = loadContracts();
const contract = contracts.find('HR-SI-01');
const example = contracts.examples.get(contract.id)?.[0];
if (!example) throw new Error('HR-SI-01 has no example');
const good = example.request;
const record = example.reply[0]?.records[0] ?? {};

function refusal(body: unknown, of: Contract = contract) {
  const { problem, field, detail } = requestValidator(of)(body) ?? {};
  return { problem, field, detail };
}

const person = { idType: 'citizen-id', idNumber: '990101198503120010' };
const range = (from: string, to: string) => ({ ...good, params: { months: { from, to } } });

describe('a request is refused with the field, when it', () => {
  test.each([
    ['is no object', [], '/', 'type'],
    ['has an unknown member', { ...good, wildcard: true }, '/', 'unknown member'],
    [
      'has a member that is nearly a known one',
      { ...good, operatorID: 'a' },
      '/',
      'unknown member, operatorId may be meant',
    ],
    ['has an unknown member that is a name in letters', { ...good, zhangsan: 1 }, '/', 'unknown member'],
    ['has an unknown member that may be a name', { ...good, 张测试: 1 }, '/', 'unknown member'],
    ['has no request id', { ...good, requestId: undefined }, '/requestId', 'type'],
    ['has a request id that is no UUID', { ...good, requestId: '1' }, '/requestId', 'format'],
    ['has an operator with spaces', { ...good, operatorId: 'a b' }, '/operatorId', 'pattern'],
    ['has an operator of 65 characters', { ...good, operatorId: 'a'.repeat(65) }, '/operatorId', 'pattern'],
    [
      'has a purpose without campaign and case',
      { ...good, purpose: { code: 'licence-screening' } },
      '/purpose',
      'minProperties',
    ],
    [
      'has a purpose with both',
      { ...good, purpose: { code: 'x', campaign: 'A', case: 'B' } },
      '/purpose',
      'maxProperties',
    ],
    [
      'has an over-long case',
      { ...good, purpose: { code: 'x', case: 'B'.repeat(65) } },
      '/purpose/case',
      'pattern',
    ],
    ['has a wildcard for a case', { ...good, purpose: { code: 'x', case: '*' } }, '/purpose/case', 'pattern'],
    ['has a region of five digits', { ...good, region: '99010' }, '/region', 'pattern'],
    ['has full-width digits for a region', { ...good, region: '９９０１００' }, '/region', 'pattern'],
    ['asks about nobody', { ...good, subjects: [] }, '/subjects', 'minItems'],
    ['asks about 1,001', { ...good, subjects: Array(1001).fill(person) }, '/subjects', 'maxItems'],
    [
      'asks about a unit where persons are asked',
      { ...good, subjects: [{ uscc: '91990101MA00DEM14A' }] },
      '/subjects/0/idType',
      'required',
    ],
    [
      'claims what the query does not compare',
      { ...good, subjects: [{ ...person, claims: { salary: '1' } }] },
      '/subjects/0/claims',
      'unknown member',
    ],
    ['wants an unknown field', { ...good, fields: ['region', 'salary'] }, '/fields/1', 'enum'],
    ['wants a field twice', { ...good, fields: ['region', 'region'] }, '/fields', 'uniqueItems'],
    ['wants no field at all', { ...good, fields: [] }, '/fields', 'minItems'],
    ['has a deadline under 100 ms', { ...good, deadlineMs: 99 }, '/deadlineMs', 'minimum'],
    ['has a deadline over ten minutes', { ...good, deadlineMs: 600_001 }, '/deadlineMs', 'maximum'],
    ['has no params where some are required', { ...good, params: undefined }, '/params', 'type'],
    ['has month 13', range('2026-01', '2026-13'), '/params/months/to', 'pattern'],
    ['has reversed months', range('2026-02', '2026-01'), '/params/months', 'to is before from'],
    ['has 25 months', range('2024-01', '2026-01'), '/params/months', 'more than 24 months'],
  ])('%s', (_name, body, field, detail) => {
    const sent: unknown = JSON.parse(JSON.stringify(body));
    const isMissing = typeof body === 'object' && Object.values(body).includes(undefined);
    expect(refusal(sent)).toEqual({
      problem: 'schema-invalid',
      field,
      detail: isMissing ? 'required' : detail,
    });
  });

  test('has no purpose: with a code of its own', () => {
    const { purpose: _, ...without } = good;
    expect(refusal(without)).toEqual({ problem: 'purpose-missing', field: '/purpose', detail: 'required' });
  });

  test('has params where the query has none', () => {
    const bare = { ...good, subjects: [person] };
    const archive = contracts.find('HR-AR-01');
    expect(refusal({ ...bare, params: { year: 2020 } }, archive).field).toBe('/params');
    expect(refusal({ ...bare, params: {} }, archive).problem).toBeUndefined();
  });
});

test('24 months, both ends included, are within the limit', () => {
  expect(requestValidator(contract)(range('2024-02', '2026-01'))).toBeUndefined();
});

describe('a record', () => {
  test('passes as the contract has it', () => {
    expect(recordValidator(contract)(record)).toBeUndefined();
  });

  test.each(contract.fields.map(({ name }) => name))(
    'is refused with null for %s, and without it unless it is optional',
    (name) => {
      const { [name]: _, ...without } = record;
      const optional = ['payerName', 'payerUscc'].includes(name); // who pays alone has no paying unit
      if (optional) expect(recordValidator(contract)(without)).toBeUndefined();
      else
        expect(recordValidator(contract)(without)).toMatchObject({
          problem: 'schema-invalid',
          field: `/${name}`,
        });
      expect(recordValidator(contract)({ ...record, [name]: null })).toMatchObject({ field: `/${name}` });
    },
  );

  test('is refused with a field that the contract has not', () => {
    expect(recordValidator(contract)({ ...record, contributionBase: 1 })).toMatchObject({
      problem: 'schema-invalid',
      field: '/',
    });
  });
});

test('no refusal ever repeats the name of a member, wherever it stands', () => {
  const places = [
    (name: string) => ({ ...good, [name]: 1 }),
    (name: string) => ({ ...good, purpose: { code: 'x', case: 'B', [name]: 1 } }),
    (name: string) => ({ ...good, subjects: [{ ...person, [name]: 1 }] }),
    (name: string) => ({ ...good, subjects: [{ ...person, claims: { [name]: '1' } }] }),
    (name: string) => ({ ...range('2026-01', '2026-02'), params: { [name]: 1 } }),
    (name: string) => ({ ...good, params: { months: { from: '2026-01', to: '2026-02', [name]: 1 } } }),
  ];
  for (const place of places)
    for (const name of ['zhangsan', 'Markus', '990101198503120010', '李四990101198503120010']) {
      const problem = requestValidator(contract)(place(name));
      expect(problem).toMatchObject({ problem: 'schema-invalid' });
      expect(`${problem?.message} ${JSON.stringify(problem?.toDocument())}`).not.toContain(name);
    }
});

test('no refusal ever repeats a value, whatever it is and wherever it stands', () => {
  const names = [
    'requestId',
    'operatorId',
    'purpose',
    'region',
    'subjects',
    'fields',
    'params',
    'deadlineMs',
  ];
  const value = fc.oneof(
    fc.constant('MARK 990101198503120010'),
    fc.record({ 'MARK 990101198503120010': fc.jsonValue() }),
    fc.constant(['MARK 990101198503120010']),
  );
  fc.assert(
    fc.property(fc.constantFrom(...names), value, (name, wrong) => {
      const problem = requestValidator(contract)({ ...good, [name]: wrong });
      expect(problem).toBeDefined();
      expect(`${problem?.message} ${JSON.stringify(problem?.toDocument())}`).not.toContain('MARK');
    }),
  );
});
