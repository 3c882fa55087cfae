import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { loadContracts, type Contract, type ContractField } from '#contracts';
import { encodeAnswer, type AnswerBody, type Question } from '#exchange';
import { ENTRY_ROOM, MOST_ROOM, replyRoom } from './reply-room.js';

const contracts = [...loadContracts().contracts.values()];
const MONTHS = { from: '2025-10', to: '2026-09' };

type Asked = Pick<Question, 'fields' | 'params' | 'subjects'>;

const subjects = (count: number): Question['subjects'] =>
  Array.from({ length: count }, (_, position) => ({
    ...{ position, idType: 'citizen-id', normal: '990101198503120010' },
  }));
const asked = (count: number, change: Partial<Asked> = {}): Asked => ({
  ...{ params: {}, subjects: subjects(count) },
  ...change,
});
const classOf = (bytes: number): number => 2 ** Math.ceil(Math.log2(bytes));

interface Schema {
  type?: unknown;
  enum?: string[];
  maxLength?: number;
  maxItems?: number;
  items?: Readonly<Record<string, unknown>>;
  pattern?: string;
}

/** The longest value that the contract lets a field have. */
function longest({ name, schema, modes }: Pick<ContractField, 'name' | 'schema' | 'modes'>): unknown {
  const { type, enum: words, maxLength, maxItems, items = {}, pattern } = schema as Schema;
  if (words) return words.toSorted((one, other) => other.length - one.length)[0];
  if (type === 'array')
    return Array.from({ length: maxItems ?? 1 }, () => longest({ name, schema: items, modes }));
  if (type === 'integer' || type === 'number') return 123_456.78;
  if (type === 'boolean') return false;
  if (maxLength !== undefined) return '𠮷'.repeat(maxLength);
  return pattern === undefined ? '2026-09-30' : '9'.repeat(18);
}

/** An answer as the pipeline makes it, with these records for each subject. */
function bodySize(contract: Contract, { fields, subjects: all }: Asked, result: object): number {
  const granted = contract.fields.filter(({ name }) => fields === undefined || fields.includes(name));
  const records = (result as { records: unknown[] }).records;
  const body: AnswerBody = {
    ...{ answer: 'unavailable', source: 'housing-990000', dataTime: '2026-11-21T00:00:00.000Z', bundle: 1e6 },
    results: all.map(({ position }) => ({ subject: position, answer: 'found', records: [], ...result })),
    withheld: contract.fields
      .filter((field) => !granted.includes(field))
      .map(({ name }) => ({ field: name, reason: 'not-granted' })),
    fields: records.length > 0 ? Object.fromEntries(granted.map(({ name }) => [name, 'pseudonym'])) : {},
    heldBack: 1_000_000,
    quota: { perDay: { limit: 1_000_000, used: 1_000_000 }, resetsIn: 86_400 },
  };
  return encodeAnswer(body).length + notesInEntry(body);
}

/** The entry repeats fields and modes in its private line. */
const notesInEntry = ({ fields }: AnswerBody): number => Buffer.byteLength(JSON.stringify(fields));

const recordOf = (contract: Contract, { fields }: Asked): Record<string, unknown> =>
  Object.fromEntries(
    contract.fields
      .filter(({ name }) => fields === undefined || fields.includes(name))
      .map((field) => [field.name, longest(field)]),
  );

describe('the size class of a reply', () => {
  test.each(contracts.map((contract) => [contract.id, contract] as const))(
    'to %s is the same for nobody, for one record and for a refusal, whatever is asked for',
    (_id, contract) => {
      const names = contract.fields.map(({ name }) => name);
      fc.assert(
        fc.property(
          fc.option(fc.subarray(names, { minLength: 1 }), { nil: undefined }),
          fc.integer({ min: 1, max: 100 }),
          fc.boolean(),
          (fields, count, withMonths) => {
            const change = { ...(fields && { fields }), params: withMonths ? { months: MONTHS } : {} };
            const question = asked(count, change);
            const room = replyRoom(contract, question);
            const sizes = [
              { answer: 'none', records: [] },
              { answer: 'found', records: [recordOf(contract, question)], heldBack: 200 },
              { answer: 'refused', reason: 'region-out-of-scope', records: [], heldBack: 200 },
              { answer: 'refused', reason: 'provider-contract', records: [] },
            ].map((result) => ENTRY_ROOM + bodySize(contract, question, result));
            if (room < MOST_ROOM) expect(Math.max(...sizes)).toBeLessThanOrEqual(room);
            expect(new Set(sizes.slice(-2).map((size) => classOf(Math.max(size, room)))).size).toBe(1);
          },
        ),
      );
    },
  );

  test('does not depend on whom is asked about, and grows with how many', () => {
    const claims = asked(1, {
      subjects: [{ position: 0, idType: 'passport', normal: 'Z1', claims: { uscc: '1' } }],
    });
    for (const contract of contracts) {
      expect(replyRoom(contract, claims)).toBe(replyRoom(contract, asked(1)));
      const rooms = [1, 2, 5, 10, 100, 1_000].map((count) => replyRoom(contract, asked(count)));
      expect(rooms).toEqual(rooms.toSorted((one, other) => one - other));
    }
  });

  const sized = (id: string, count: number, change: Partial<Asked> = {}): number =>
    classOf(
      replyRoom(
        contracts.find((contract) => contract.id === id)!,
        asked(count, change),
      ),
    );
  const half = { params: { months: { from: '2026-04', to: '2026-09' } } };
  test.each([
    ['a person’s half year of contributions', sized('HR-SI-01@1', 1, half), 8 * 1024],
    ['only who pays them', sized('HR-SI-01@1', 1, { ...half, fields: ['payerUscc'] }), 4 * 1024],
    [
      'two years of them',
      sized('HR-SI-01@1', 1, { params: { months: { ...MONTHS, from: '2024-10' } } }),
      16 * 1024,
    ],
    ['a unit’s staff', sized('HC-RP-02@1', 1), 16 * 1024],
    ['one ban', sized('HC-RP-03@1', 1), 4 * 1024],
    ['ten persons’ contributions', sized('HR-SI-01@1', 10, half), 64 * 1024],
    ['a hundred persons’', sized('HR-SI-01@1', 100, half), 64 * 1024],
    ['a thousand persons’, as before', sized('HR-SI-01@1', 1_000, half), 512 * 1024],
  ])('is as large as the usual answer: %s', (_what, size, expected) => {
    expect(size).toBe(expected);
  });
});
