import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compileValidator, type Contract, type ContractField } from '#contracts';
import { maskNames } from '#masking';
import { ask, contributions, tableOf } from '../spec/sample.js';
import { decide, releaseUnder, releasedSchema } from './index.js';
import { type FieldRule } from './model.js';

const KEY = Buffer.alloc(32, 9);
/** A value that cannot come from anywhere but its field. */
const mark = (name: string) => `«${name}»`;

/** The sample contract with marked texts everywhere that a text can be. */
const texts = contributions.fields.filter(
  ({ schema }) => [schema['type']].flat().includes('string') && !schema['pattern'],
);

function rulesFor(field: ContractField): fc.Arbitrary<FieldRule> {
  const rules: Record<string, fc.Arbitrary<FieldRule>> = {
    plain: fc.constant({ release: 'plain' }),
    mask: fc.constantFrom(...maskNames).map((mask) => ({ release: 'mask', mask })),
    match: fc.constant({ release: 'match', claim: 'uscc' }),
    band: fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 }).map((bands) => ({
      release: 'band',
      bands: bands.sort((a, b) => a - b),
    })),
    pseudonym: fc.constant({ release: 'pseudonym' }),
  };
  const modes = field.modes.filter((mode) => (mode === 'band' ? field.name === 'monthsPaid' : true));
  return fc.oneof(...modes.map((mode) => rules[mode]!));
}

/** Any non-empty choice of fields, each in any of its modes. */
function fieldsOf(contract: Contract): fc.Arbitrary<Record<string, FieldRule>> {
  return fc
    .subarray([...contract.fields], { minLength: 1 })
    .chain((fields) => fc.record(Object.fromEntries(fields.map((field) => [field.name, rulesFor(field)]))));
}

/** Rows as the contract wants them, each text marked; `wild` puts something else into one place of one row. */
const marked = Object.fromEntries(
  texts.map(({ name }) => [name, fc.string({ maxLength: 20 }).map((text) => mark(name) + text)]),
);
const optional = ['months', 'remark'];
const model: Record<string, fc.Arbitrary<unknown>> = {
  ...marked,
  monthsPaid: fc.integer({ min: 0, max: 24 }),
  arrived: fc.boolean(),
  months: fc.array(fc.constant(mark('months')), { maxLength: 3 }),
  remark: fc.option(fc.constant(mark('remark'))),
  region: fc.constantFrom('990100', '990101', '990200'),
  salary: fc.constant(mark('salary')),
};
const rows = fc.array(
  fc.record(model, { requiredKeys: Object.keys(model).filter((name) => !optional.includes(name)) }),
  { maxLength: 10 },
);

/** Something that does not belong there; where the contract takes it after all, it holds no mark. */
const wild = fc.record({
  row: fc.nat(9),
  field: fc.constantFrom(...contributions.fields.map(({ name }) => name)),
  value: fc.oneof(
    fc.constantFrom<unknown>(null, undefined, Number.NaN, -1, [], true),
    fc.constantFrom<unknown>({ toString: '«salary»' }, [{ salary: '«salary»' }], 'x'.repeat(500)),
  ),
});

function hasValueOf(text: string, name: string): boolean {
  return text.includes(mark(name));
}

function granting(fields: Record<string, FieldRule>) {
  const decision = decide(tableOf({ fields }), ask({ claims: ['uscc'] }));
  if (!decision.granted) throw new Error(decision.problem);
  return decision;
}

test('only fields granted in plain show their value, and every released record fits the released schema', () => {
  fc.assert(
    fc.property(fieldsOf(contributions), rows, fc.string(), (fields, source, claim) => {
      const decision = granting(fields);
      const release = releaseUnder(decision, { contract: contributions, pseudonymKey: KEY });
      const result = release(source, { uscc: claim });
      const inside = source.filter(({ region }) => region !== '990200');
      expect(result).toMatchObject({ rows: inside.length, heldBack: source.length - inside.length });

      const output = JSON.stringify(result);
      const hidden = [...contributions.fields.map(({ name }) => name), 'salary'].filter(
        (name) => fields[name]?.release !== 'plain' && fields[name]?.release !== 'mask',
      );
      expect(hidden.filter((name) => hasValueOf(output, name))).toEqual([]);
      const allowed = Object.keys(fields);
      expect(result.records.flatMap(Object.keys).filter((name) => !allowed.includes(name))).toEqual([]);

      const validate = compileValidator(releasedSchema(contributions, decision));
      const back = JSON.parse(JSON.stringify(result.records)) as unknown[];
      expect(back.map((record) => validate(record)).filter(Boolean)).toEqual([]);
    }),
    { numRuns: 400 },
  );
});

function attempt<T>(work: () => T): T | Error {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}

test('a broken row is refused or left out whole, and no error tells a value', () => {
  let refusals = 0;
  fc.assert(
    fc.property(fieldsOf(contributions), rows, wild, (fields, source, broken) => {
      fc.pre(broken.row < source.length);
      const decision = granting(fields);
      const input = source.map((one, index) =>
        index === broken.row ? { ...one, [broken.field]: broken.value } : one,
      );
      const outcome = attempt(() =>
        releaseUnder(decision, { contract: contributions, pseudonymKey: KEY })(input, { uscc: 'x' }),
      );
      if (outcome instanceof Error) {
        refusals += 1;
        expect(outcome).toMatchObject({ problem: 'provider-contract' });
        expect(inspect(outcome, { depth: null })).not.toContain('«');
        return;
      }
      const validate = compileValidator(releasedSchema(contributions, decision));
      const back = JSON.parse(JSON.stringify(outcome.records)) as unknown[];
      expect(back.map((record) => validate(record)).filter(Boolean)).toEqual([]);
      expect(JSON.stringify(outcome)).not.toContain(mark('salary'));
    }),
    { numRuns: 400 },
  );
  expect(refusals).toBeGreaterThan(50);
});

test('whatever is not granted is refused when asked for by name', () => {
  const everything = contributions.fields.map(({ name }) => name);
  fc.assert(
    fc.property(fieldsOf(contributions), (fields) => {
      const table = tableOf({ fields });
      const outcomes = everything.map((name) => decide(table, ask({ fields: [name], claims: ['uscc'] })));
      const expected = everything.map((name) =>
        name in fields
          ? { granted: true }
          : { granted: false, problem: 'field-not-granted', field: '/fields/0' },
      );
      expect(outcomes).toMatchObject(expected);
    }),
    { numRuns: 200 },
  );
});
