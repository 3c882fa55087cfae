import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type PersonSubject } from '#contracts';
import { Problem } from '#problem';
import {
  citizenIdCheckDigit,
  ID_FAULTS,
  ID_TYPES,
  normalizePersonId,
  type IdOptions,
  type IdType,
} from './index.js';

const DEMO: IdOptions = { today: '2026-11-21', synthetic: 'accept', field: '/subjects/3/idNumber' };
const SINCE_1850: IdOptions = { ...DEMO, minYear: 1850 };

const refusal = (idType: IdType, text: string, options = DEMO) => {
  try {
    return normalizePersonId(idType, text, options);
  } catch (error) {
    const { problem, detail, field } = Problem.from(error);
    return { problem, detail, field };
  }
};
const withCheck = (body: string) => body + citizenIdCheckDigit(body);

describe('a document number is refused', () => {
  test.each<[IdType, string, string]>([
    ['citizen-id', '990101198503120011', 'check-digit'],
    ['permanent-residence', '900999185003120014', 'too-old'],
    ['permanent-residence', '900999185003120015', 'too-old'],
    ['permanent-residence', withCheck('90099919850230001'), 'calendar-date'],
    ['permanent-residence', '99010119850312001', 'length'],
    ['permanent-residence', '990101198503120010', 'wrong-id-type'],
    ['permanent-residence', withCheck('81000019850312001'), 'wrong-id-type'],
    ['permanent-residence', withCheck('91999919850312001'), 'region'],
    ['permanent-residence', '9009991850031200A4', 'character'],
    ['permanent-residence', 'ZZ1999900000001', 'format'],
    ['permanent-residence', 'ZZ\u017f999900000001', 'format'],
    ['permanent-residence', '', 'empty'],
    ['hk-macau-permit', 'H0000001', 'format'],
    ['hk-macau-permit', 'H000000010', 'format'],
    ['hk-macau-permit', 'A00000001', 'format'],
    ['hk-macau-permit', 'Ｈ00000001', 'full-width'],
    ['hk-macau-permit', 'H 00000001', 'space'],
    ['hk-macau-permit', 'H-0000001', 'character'],
    ['taiwan-permit', '0000003', 'format'],
    ['taiwan-permit', '000000031', 'format'],
    ['taiwan-permit', 'T0000003', 'format'],
    ['taiwan-permit', '0000000301(B)', 'character'],
    ['passport', 'ZZ01', 'length'],
    ['passport', 'ZZ0000000000000001', 'length'],
    ['passport', 'ZZ-000001', 'character'],
    ['passport', '护照0000001', 'character'],
  ])('as %s: %s', (idType, text, detail) => {
    expect(refusal(idType, text)).toEqual({
      problem: 'bad-identifier',
      detail,
      field: '/subjects/3/idNumber',
    });
    expect(ID_FAULTS).toContain(detail);
  });

  test('when the type of document is none of ours, by any name', () => {
    for (const name of ['driving-licence', 'toString', '__proto__']) {
      expect(refusal(name as IdType, 'ZZ0000001')).toMatchObject({ detail: 'wrong-id-type' });
    }
  });

  test('as a made-up foreigner outside demo mode', () => {
    expect(
      refusal('permanent-residence', '900999185003120014', { ...SINCE_1850, synthetic: 'refuse' }),
    ).toEqual({
      problem: 'synthetic-identity',
      detail: undefined,
      field: '/subjects/3/idNumber',
    });
  });

  test('with a coded problem whatever the text', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ID_TYPES), fc.string({ unit: 'binary' }), (idType, text) => {
        const result = refusal(idType, text);
        if ('problem' in result) expect(ID_FAULTS).toContain(result.detail);
        else expect(normalizePersonId(idType, result.normal, DEMO).normal).toBe(result.normal);
      }),
    );
  });
});

describe('a document number is brought to its normal form', () => {
  test.each<[IdType, string, string, string[]]>([
    ['citizen-id', '990101850312001', '990101198503120010', ['converted-15']],
    ['permanent-residence', '900999185003120014', '900999185003120014', []],
    ['permanent-residence', withCheck('93199918500312001'), withCheck('93199918500312001'), []],
    ['permanent-residence', 'ZZZ999900000001', 'ZZZ999900000001', []],
    ['permanent-residence', 'zzz999900000001', 'ZZZ999900000001', ['lower-case']],
    ['hk-macau-permit', 'H00000001', 'H00000001', []],
    ['hk-macau-permit', 'M00000002', 'M00000002', []],
    ['hk-macau-permit', 'H0000000102', 'H00000001', ['issue-number-dropped']],
    ['hk-macau-permit', 'm0000000203', 'M00000002', ['lower-case', 'issue-number-dropped']],
    ['taiwan-permit', '00000003', '00000003', []],
    ['taiwan-permit', '0000000301', '0000000301', []],
    ['taiwan-permit', '0000000301b', '0000000301B', ['lower-case']],
    ['passport', 'ZZ0000001', 'ZZ0000001', []],
    ['passport', 'zz0000001', 'ZZ0000001', ['lower-case']],
  ])('as %s: %s', (idType, original, normal, notices) => {
    expect(normalizePersonId(idType, original, SINCE_1850)).toEqual({ normal, original, notices });
  });

  test('with a lower-case x at the end of a permanent residence number', () => {
    const number = [...'0123456789']
      .map((digit) => withCheck(`9009991850031200${digit}`))
      .find((id) => id.endsWith('X'))!;
    expect(normalizePersonId('permanent-residence', number.toLowerCase(), SINCE_1850)).toEqual({
      normal: number,
      original: number.toLowerCase(),
      notices: ['lower-case-x'],
    });
  });
});

test('the types of documents are those that a contract may name', () => {
  // The type check is half of the test: a type known to one side only stops `tsc`.
  const ours: readonly PersonSubject['idType'][] = ID_TYPES;
  const byContract: Record<PersonSubject['idType'], IdType> = {
    'citizen-id': 'citizen-id',
    'permanent-residence': 'permanent-residence',
    'hk-macau-permit': 'hk-macau-permit',
    'taiwan-permit': 'taiwan-permit',
    passport: 'passport',
  };
  expect(ours).toEqual(Object.keys(byContract));
});
