import { organisationCodeCheckDigit, USCC_ALPHABET, usccCheckDigit } from './check-digits.js';
import { refuse, refuseSynthetic } from './faults.js';
import { requirePlainText } from './plain-text.js';
import { SYNTHETIC_PROVINCE } from './region.js';
import { isUsccType } from './uscc-types.js';

/** `legacy-check`: the outer or the inner check character does not fit, as in early pilot codes that are still in use. */
export type UsccNotice = 'legacy-check' | 'lower-case';

export interface NormalUscc {
  normal: string;
  original: string;
  notices: UsccNotice[];
}

/** Registration numbers and organisation codes from before 2015. */
const OLD_LENGTHS = [15, 9];
const LEGAL = new RegExp(`^[${USCC_ALPHABET}]{18}$`);

/**
 * Brings a unified social credit code (GB 32100-2015) to its normal form. Length, alphabet, type and the digits of the
 * region are hard; a check character that does not fit is only noticed.
 * @throws Problem `bad-identifier` with an `IdFault` as detail, or `synthetic-identity` (region prefix 99)
 */
export function parseUscc(
  text: string,
  { synthetic, field }: { synthetic: 'accept' | 'refuse'; field?: string },
): NormalUscc {
  const plain = requirePlainText(text, field);
  if (OLD_LENGTHS.includes(plain.length)) refuse('needs-18-characters', field);
  if (plain.length !== 18) refuse('length', field);
  const normal = plain.toUpperCase();
  requireStructure(normal, field);
  if (synthetic === 'refuse' && normal.slice(2, 4) === SYNTHETIC_PROVINCE) refuseSynthetic(field);
  return { normal, original: text, notices: noticesOf(normal, plain) };
}

function requireStructure(code: string, field: string | undefined): void {
  if (!LEGAL.test(code)) refuse('character', field);
  if (!isUsccType(code.charAt(0), code.charAt(1))) refuse('type', field);
  if (!/^\d{6}$/.test(code.slice(2, 8))) refuse('region', field);
}

function noticesOf(normal: string, plain: string): UsccNotice[] {
  const outer = usccCheckDigit(normal.slice(0, 17)) === normal.charAt(17);
  const inner = organisationCodeCheckDigit(normal.slice(8, 16)) === normal.charAt(16);
  return [
    ...(outer && inner ? [] : (['legacy-check'] as const)),
    ...(normal === plain ? [] : (['lower-case'] as const)),
  ];
}
