import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Problem } from '#problem';
import { USCC_ALPHABET } from './check-digits.js';
import { organisationCodeCheckDigit, parseUscc, usccCheckDigit } from './index.js';

const DEMO = { synthetic: 'accept', field: '/subjects/0/uscc' } as const;

const outcome = (text: string, synthetic: 'accept' | 'refuse' = 'accept') => {
  try {
    return parseUscc(text, { ...DEMO, synthetic });
  } catch (error) {
    const { problem, detail, field } = Problem.from(error);
    return { problem, detail, field };
  }
};

describe('a credit code is refused', () => {
  test.each([
    ['nothing', '', 'empty'],
    ['17 characters', '91990101MA00DEM14', 'length'],
    ['19 characters', '91990101MA00DEM14A0', 'length'],
    ['an old registration number', '990101000000001', 'needs-18-characters'],
    ['a bare organisation code', 'MA00DEM14', 'needs-18-characters'],
    ['full-width characters', '91990101ＭＡ00DEM14A', 'full-width'],
    ['a space', '91990101MA00DEM14 ', 'space'],
    ['the letter I', '91990101MA00DEMI4A', 'character'],
    ['the letter O', '91990101MAOODEM14A', 'character'],
    ['a letter that upper case makes two of', '91990101MA00DEM14ß', 'character'],
    ['registrar 0', '01990101MA00DEM14A', 'type'],
    ['class 4 of registrar 9', '94990101MA00DEM14A', 'type'],
    ['class 2 of registrar Y', 'Y2990101MA00DEM14A', 'type'],
    ['letters in the region', '9199A101MA00DEM14A', 'region'],
  ])('for %s', (_, text, detail) => {
    expect(outcome(text)).toEqual({ problem: 'bad-identifier', detail, field: '/subjects/0/uscc' });
  });

  test('outside demo mode when it is made up', () => {
    expect(outcome('91990101MA00DEM14A', 'refuse')).toEqual({
      problem: 'synthetic-identity',
      detail: undefined,
      field: '/subjects/0/uscc',
    });
  });
});

describe('a credit code is accepted', () => {
  test.each([
    ['91990101MA00DEM14A', '91990101MA00DEM14A', []],
    ['91990102MA00DEM22K', '91990102MA00DEM22K', []],
    ['91990101MA00DEM300', '91990101MA00DEM300', []],
    ['12990100400000018N', '12990100400000018N', []],
    ['91990101ma00dem14a', '91990101MA00DEM14A', ['lower-case']],
    ['91990101MA00DEM14B', '91990101MA00DEM14B', ['legacy-check']],
    ['91990101MA00DEM15', '91990101MA00DEM15', ['legacy-check']],
    ['91990101ma00dem14b', '91990101MA00DEM14B', ['legacy-check', 'lower-case']],
  ])('%s with notices', (text, normal, notices) => {
    const original = text.length === 17 ? text + usccCheckDigit(text) : text;
    const whole = normal.length === 17 ? normal + usccCheckDigit(normal) : normal;
    expect(outcome(original)).toEqual({ normal: whole, original, notices });
  });

  test.each(['11', '12', '51', '52', '53', '91', '92', '93', '31', '81', 'N2', 'A1', 'Y1'])(
    'as type %s',
    (type) => {
      const body = `${type}990101MA00DEM14`;
      expect(outcome(body + usccCheckDigit(body))).toMatchObject({ notices: [] });
    },
  );
});

const character = fc.constantFrom(...USCC_ALPHABET);
const code = fc
  .tuple(
    fc.constantFrom('91', '92', '12', '52'),
    fc.nat(9999),
    fc.array(character, { minLength: 8, maxLength: 8 }),
  )
  .map(([type, region, unit]) => {
    const organisation = unit.join('') + organisationCodeCheckDigit(unit.join(''));
    return `${type}99${String(region).padStart(4, '0')}${organisation}`;
  })
  .map((body) => body + usccCheckDigit(body));

describe('every generated credit code', () => {
  test('is its own normal form without a notice', () => {
    fc.assert(
      fc.property(code, (text) => {
        expect(outcome(text)).toEqual({ normal: text, original: text, notices: [] });
      }),
    );
  });

  test('is refused or noticed when any one of its characters is changed', () => {
    fc.assert(
      fc.property(code, fc.nat(17), character, (text, position, other) => {
        fc.pre(text[position] !== other);
        const result = outcome(text.slice(0, position) + other + text.slice(position + 1));
        if ('problem' in result) expect(result.problem).toBe('bad-identifier');
        else expect(result.notices).toEqual(['legacy-check']);
      }),
      { numRuns: 1000 },
    );
  });
});
