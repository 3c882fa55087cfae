import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Problem } from '#problem';
import { citizenIdCheckDigit, parseCitizenId, type IdFault, type IdOptions } from './index.js';

const DEMO: IdOptions = { today: '2026-11-21', synthetic: 'accept', field: '/subjects/0/idNumber' };
const REAL: IdOptions = { ...DEMO, synthetic: 'refuse' };

const refusal = (text: string, options = DEMO) => {
  try {
    parseCitizenId(text, options);
  } catch (error) {
    return Problem.from(error).toDocument();
  }
  return 'accepted';
};
const withCheck = (body: string) => body + citizenIdCheckDigit(body);

describe('a citizen ID is refused', () => {
  test.each<[string, string, IdFault]>([
    ['nothing', '', 'empty'],
    ['full-width digits', '９９０１０１198503120010', 'full-width'],
    ['a space in front', ' 990101198503120010', 'space'],
    ['an ideographic space behind', '990101198503120010\u3000', 'space'],
    ['a no-break space inside', '99010119850312\u00a0010', 'space'],
    ['17 digits', '99010119850312001', 'length'],
    ['19 digits', '9901011985031200100', 'length'],
    ['14 digits', '99010185031200', 'length'],
    ['a letter inside', '99010119850312O010', 'character'],
    ['a letter inside 15', '99010185O312001', 'character'],
    ['X before the end', '9901011985031200X0', 'character'],
    ['a NUL character', '99010119850312001\0', 'character'],
    ['a wrong check digit', '990101198503120011', 'check-digit'],
    ['month 13', '990101198513120014', 'calendar-date'],
    ['30 February', '99010119850230001X', 'calendar-date'],
    ['29 February outside a leap year', withCheck('99010119850229001'), 'calendar-date'],
    ['29 February 1900', withCheck('99010119000229001'), 'calendar-date'],
    ['day 0', withCheck('99010119850300001'), 'calendar-date'],
    ['month 0', withCheck('99010119850012001'), 'calendar-date'],
    ['30 February in 15 digits', '990101850230001', 'calendar-date'],
    ['a birth tomorrow', withCheck('99010120261122001'), 'future-birth'],
    ['an age of 121', withCheck('99010119051121001'), 'too-old'],
    ['a province that never was', withCheck('19010119850312001'), 'region'],
    ['province 00', withCheck('00010119850312001'), 'region'],
    ['a foreigner’s permanent residence number', withCheck('93115619850312001'), 'wrong-id-type'],
    ['the synthetic foreigner', '900999185003120014', 'wrong-id-type'],
    ['a resident of Hong Kong born in 1850', '810000185001010011', 'too-old'],
    ['a resident of Macau born in 1850', '820000185001010021', 'too-old'],
    ['a resident of Taiwan born in 1850', '830000185001010031', 'too-old'],
    ['15 digits with a centenarian’s sequence', '990101850312996', 'ambiguous-century'],
    ['15 digits with the last centenarian’s sequence', '990101850312999', 'ambiguous-century'],
  ])('for %s', (_, text, fault) => {
    expect(refusal(text)).toEqual({
      type: 'urn:exchange-gateway:problem:bad-identifier',
      title: '证件号码或信用代码校验不通过',
      status: 422,
      code: 4001,
      detail: fault,
      field: '/subjects/0/idNumber',
    });
  });

  test.each(['990101198503120010', '990101850312001', '99010119650115017x'])(
    'outside demo mode when it is made up: %s',
    (text) => {
      expect(refusal(text, REAL)).toEqual({
        type: 'urn:exchange-gateway:problem:synthetic-identity',
        title: '合成身份只能在演示模式使用',
        status: 422,
        code: 4008,
        field: '/subjects/0/idNumber',
      });
    },
  );

  test('never in words that repeat it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 3, unit: 'binary' }), (text) => {
        expect(JSON.stringify(refusal(`${text}#9`))).not.toContain(`${text}#9`);
      }),
    );
  });

  test('with a complaint about the caller when today is no date', () => {
    expect(() => parseCitizenId('990101198503120010', { ...DEMO, today: '21.11.2026' })).toThrow(RangeError);
  });
});

describe('a citizen ID is accepted', () => {
  test.each([
    ['990101198503120010', '990101198503120010', []],
    ['990102199011255286', '990102199011255286', []],
    ['99010119650115017X', '99010119650115017X', []],
    ['99010119650115017x', '99010119650115017X', ['lower-case-x']],
    ['990201197602291369', '990201197602291369', []],
    ['990101850312001', '990101198503120010', ['converted-15']],
    ['990102901125528', '990102199011255286', ['converted-15']],
    ['990101650115017', '99010119650115017X', ['converted-15']],
    ['990201760229136', '990201197602291369', ['converted-15']],
  ])('%s becomes %s with %j', (original, normal, notices) => {
    expect(parseCitizenId(original, DEMO)).toEqual({ normal, original, notices });
  });

  test('on the day of birth and to the last day of the 120th year', () => {
    const newborn = withCheck('99010120261121001');
    const oldest = withCheck('99010119051122001');
    expect(parseCitizenId(newborn, DEMO).normal).toBe(newborn);
    expect(parseCitizenId(oldest, DEMO).normal).toBe(oldest);
  });

  test.each(['810000185001010011', '820000185001010021', '830000185001010031'])(
    'as a residence permit %s outside demo mode, when the oldest year is set for the test',
    (permit) => {
      expect(parseCitizenId(permit, { ...REAL, minYear: 1850 }).normal).toBe(permit);
      expect(refusal(permit, { ...REAL, minYear: 1851 })).toMatchObject({ detail: 'too-old' });
    },
  );
});

const birth = fc
  .date({ min: new Date('1907-01-01'), max: new Date('2026-11-20'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10).replaceAll('-', ''));
const sequence = fc.integer({ min: 0, max: 995 }).map((number) => String(number).padStart(3, '0'));
const county = fc.integer({ min: 0, max: 9999 }).map((number) => `99${String(number).padStart(4, '0')}`);
const body = fc.tuple(county, birth, sequence).map((parts) => parts.join(''));

describe('every generated citizen ID', () => {
  test('is its own normal form', () => {
    fc.assert(
      fc.property(body, (person) => {
        const number = withCheck(person);
        expect(parseCitizenId(number, DEMO)).toEqual({ normal: number, original: number, notices: [] });
      }),
    );
  });

  test('is refused when any one of its 18 characters is changed', () => {
    fc.assert(
      fc.property(body, fc.nat(17), fc.constantFrom(...'0123456789XA-'), (person, position, character) => {
        const number = withCheck(person);
        fc.pre(number[position] !== character);
        const changed = number.slice(0, position) + character + number.slice(position + 1);
        expect(refusal(changed)).toMatchObject({ code: 4001 });
      }),
      { numRuns: 2000 },
    );
  });

  test('is reached from its 15 digits when born in the 1900s', () => {
    fc.assert(
      fc.property(body, (person) => {
        fc.pre(person.slice(6, 8) === '19');
        const short = person.slice(0, 6) + person.slice(8);
        expect(parseCitizenId(short, DEMO)).toEqual({
          normal: withCheck(person),
          original: short,
          notices: ['converted-15'],
        });
      }),
    );
  });
});
