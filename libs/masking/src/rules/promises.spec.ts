import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { maskNames, maskRule } from '../index.js';
import { characters, HIDDEN } from '../text.js';

const anything = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'张欧阳𠮷测试省市甲区街道镇有限公司年月日0123456789X-/ ０９Ｘ*') }),
  fc.array(fc.nat(0xffff).map((unit) => String.fromCharCode(unit))).map((units) => units.join('')),
);
const shownOf = (masked: string) => [...masked].filter((character) => character !== '*');

/** Every code point shown stands in the value in the same order. */
const isSubsequence = (shown: string[], of: string[]) => {
  let from = 0;
  return shown.every((character) => (from = of.indexOf(character, from) + 1) > 0);
};

/** Parameters that each rule takes, drawn at random. */
const PARAMS: Record<string, fc.Arbitrary<Record<string, unknown>>> = {
  keep: fc.record({ first: fc.nat(17), last: fc.nat(17) }, { requiredKeys: [] }),
  name: fc.constant({}),
  phone: fc.constant({}),
  address: fc.record({ level: fc.constantFrom('city', 'district', 'street') }, { requiredKeys: [] }),
  unit: fc.constant({}),
  account: fc.record({ last: fc.nat(4) }, { requiredKeys: [] }),
  certificate: fc.record({ prefix: fc.nat(6), last: fc.nat(4) }, { requiredKeys: [] }),
  date: fc.record({ to: fc.constantFrom('year', 'month') }, { requiredKeys: [] }),
  hide: fc.record({ length: fc.integer({ min: 1, max: 32 }) }, { requiredKeys: [] }),
};

test('every rule has its parameters drawn here', () => {
  expect(Object.keys(PARAMS)).toEqual(maskNames);
});

describe.each(maskNames)('%s, whatever the string', (name) => {
  const rule = maskRule(name);
  const params = PARAMS[name]!;

  test('takes its own parameters and answers with well-formed, showable text', () => {
    fc.assert(
      fc.property(anything, params, (value, given) => {
        expect(rule.check(given)).toEqual([]);
        const masked = rule.with(given)(value);
        expect(masked.isWellFormed()).toBe(true);
        expect(masked).not.toBe('');
        expect(masked).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }),
    );
  });

  test('refuses a parameter that it does not know', () => {
    expect(rule.check({ colour: 'red' })).toEqual(['colour']);
    expect(rule.check(JSON.parse('{"__proto__": 1}') as Record<string, unknown>)).toEqual(['__proto__']);
  });
});

const noStar = anything.filter((value) => !/[*＊]/.test(value));
const mask = (name: string, value: string, params: Record<string, unknown> = {}) =>
  maskRule(name).with(params)(value);

describe.each(maskNames.filter((name) => name !== 'date'))(
  '%s, whatever the string without a star',
  (name) => {
    test('hides something and adds nothing', () => {
      fc.assert(
        fc.property(noStar, PARAMS[name]!, (value, given) => {
          const masked = mask(name, value, given);
          expect(masked).toContain('*');
          expect(masked).not.toBe(value);
          if (name !== 'phone') expect(isSubsequence(shownOf(masked), characters(value))).toBe(true);
        }),
      );
    });
  },
);

describe('the part shown', () => {
  test('by keep is at most first + last code points, and nothing of a short value', () => {
    fc.assert(
      fc.property(noStar, fc.nat(17), fc.nat(17), (value, first, last) => {
        const masked = mask('keep', value, { first, last });
        expect(shownOf(masked).length).toBeLessThanOrEqual(first + last);
        if (characters(value).length <= first + last) expect(masked).toBe(HIDDEN);
        else expect([...masked]).toHaveLength(characters(value).length);
      }),
    );
  });

  test('by name is at most a surname', () => {
    fc.assert(
      fc.property(noStar, (value) => {
        expect(shownOf(mask('name', value)).length).toBeLessThanOrEqual(2);
      }),
    );
  });

  test('by phone leaves at least three digits open', () => {
    const number = fc.string({ unit: fc.constantFrom(...'0123456789-+ ０１２'), maxLength: 20 });
    fc.assert(
      fc.property(number, (value) => {
        const masked = mask('phone', value);
        expect(masked).toMatch(/^(\*{3}|1\d\d\*{4}\d{4}|(0\d{2,3}-)?\*{3,4}\d{4})$/);
      }),
      { numRuns: 1000 },
    );
  });

  test('by account and certificate leaves at least four code points open, or all', () => {
    fc.assert(
      fc.property(noStar, fc.constantFrom('account', 'certificate'), (value, name) => {
        const masked = mask(name, value);
        if (masked === HIDDEN) return;
        expect(shownOf(masked).length).toBeLessThanOrEqual(name === 'account' ? 4 : 8);
        expect(masked).toMatch(/\*{4}/);
      }),
    );
  });

  test('by date is a year, or a year and month', () => {
    fc.assert(
      fc.property(anything, (value) => {
        expect(mask('date', value)).toMatch(/^(\*{3}|\d{4})$/);
        expect(mask('date', value, { to: 'month' })).toMatch(/^(\*{3}|\d{4}(-\d{2})?)$/);
      }),
    );
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1900-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
        (day) => {
          expect(mask('date', day.toISOString(), { to: 'month' })).toBe(day.toISOString().slice(0, 7));
        },
      ),
    );
  });

  test('by address never holds a digit, and by unit none from the middle', () => {
    const marked = fc
      .tuple(noStar, fc.nat(999_999))
      .map(([value, mark]) => `测试市${value}#${mark}#有限公司`);
    fc.assert(
      fc.property(noStar, fc.constantFrom('city', 'district', 'street'), marked, (value, level, unit) => {
        expect(mask('address', `测试市${value}1`, { level })).not.toMatch(/\d/);
        expect(mask('unit', unit)).not.toContain('#');
      }),
    );
  });
});
