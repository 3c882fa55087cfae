import { describe, expect, test } from '@jest/globals';
import { citizenIdCheckDigit, organisationCodeCheckDigit, usccCheckDigit } from './check-digits.js';

describe('a check digit', () => {
  test.each(['', '99010119850312001X', '9901011985031200X', '9901011985031200１'])(
    'of a citizen ID is not computed from %j',
    (body) => {
      expect(() => citizenIdCheckDigit(body)).toThrow(RangeError);
    },
  );

  test('of a credit code is not computed from a letter outside its alphabet', () => {
    expect(() => usccCheckDigit('91990101MA00DEMI4')).toThrow(RangeError);
  });

  test.each([
    ['99010119850312001', '0'],
    ['99010219901125528', '6'],
    ['99010119650115017', 'X'],
    ['99020119760229136', '9'],
    ['99010119851312001', '4'],
    ['99010119850230001', 'X'],
    ['81000018500101001', '1'],
    ['82000018500101002', '1'],
    ['83000018500101003', '1'],
    ['90099918500312001', '4'],
  ])('of the citizen ID body %s is %s', (body, check) => {
    expect(citizenIdCheckDigit(body)).toBe(check);
  });

  test.each([
    ['91990101MA00DEM14', 'A'],
    ['91990102MA00DEM22', 'K'],
    ['91990101MA00DEM30', '0'],
    ['12990100400000018', 'N'],
  ])('of the credit code body %s is %s', (body, check) => {
    expect(usccCheckDigit(body)).toBe(check);
  });

  test.each([
    ['MA00DEM1', '4'],
    ['MA00DEM2', '2'],
    ['MA00DEM3', '0'],
    ['40000001', '8'],
    ['00000002', '7'],
    ['00000006', 'X'],
    ['00000000', '0'],
  ])('of the organisation code body %s is %s', (body, check) => {
    expect(organisationCodeCheckDigit(body)).toBe(check);
  });
});
