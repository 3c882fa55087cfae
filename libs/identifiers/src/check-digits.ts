const CITIZEN_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CITIZEN_CHECKS = '10X98765432';
const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2];
const ORGANISATION_ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const USCC_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/** GB 32100-2015: no I, O, S, V, Z. */
export const USCC_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** Last character of an 18-digit citizen ID from its first 17 (GB 11643-1999, ISO 7064 MOD 11-2). RangeError on other input. */
export function citizenIdCheckDigit(body: string): string {
  return CITIZEN_CHECKS.charAt(weightedSum(body, CITIZEN_WEIGHTS, '0123456789') % 11);
}

/** Last character of a 9-character organisation code from its first 8 (GB 11714-1997). RangeError on other input. */
export function organisationCodeCheckDigit(body: string): string {
  const check = 11 - (weightedSum(body, ORGANISATION_WEIGHTS, ORGANISATION_ALPHABET) % 11);
  if (check === 10) return 'X';
  return check === 11 ? '0' : String(check);
}

/** Last character of a unified social credit code from its first 17 (GB 32100-2015). RangeError on other input. */
export function usccCheckDigit(body: string): string {
  return USCC_ALPHABET.charAt((31 - (weightedSum(body, USCC_WEIGHTS, USCC_ALPHABET) % 31)) % 31);
}

function weightedSum(body: string, weights: readonly number[], alphabet: string): number {
  if (body.length !== weights.length)
    throw new RangeError(`a body of ${weights.length} characters is needed`);
  return weights.reduce(
    (sum, weight, position) => sum + weight * valueOf(body.charAt(position), alphabet),
    0,
  );
}

function valueOf(character: string, alphabet: string): number {
  const value = alphabet.indexOf(character);
  if (value < 0) throw new RangeError('a character outside the alphabet of the code');
  return value;
}
