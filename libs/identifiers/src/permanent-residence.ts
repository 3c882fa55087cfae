import { requireBirth } from './birth.js';
import { citizenIdCheckDigit } from './check-digits.js';
import { refuse, refuseSynthetic } from './faults.js';
import { type IdOptions, type NormalId } from './normal-id.js';
import { requirePlainText } from './plain-text.js';
import { isProvince, SYNTHETIC_PROVINCE } from './region.js';

/** Place of the made-up foreigners: no province has it. */
const SYNTHETIC_PLACE = '00';

/**
 * Normal form of a foreigner's permanent residence number: 3 letters + 12 digits (2017), or 18 characters that start
 * with 9 (2023: 9, place 2, nationality 3, birth 8, sequence 3, MOD 11-2 check; domain catalogue §3.2).
 * @throws Problem `bad-identifier` with an `IdFault` as detail, or `synthetic-identity`
 */
export function parsePermanentResidence(text: string, options: IdOptions): NormalId {
  const plain = requirePlainText(text, options.field);
  if (plain.length === 15) return parse2017(plain, options.field);
  if (plain.length === 18) return parse2023(plain, options);
  return refuse('length', options.field);
}

/** Whether an 18-character number that starts with 9 is a foreigner's: a real place follows, or the synthetic one. */
export function hasForeignPlace(number: string): boolean {
  const place = number.slice(1, 3);
  return number.startsWith('9') && (isProvince(place) || place === SYNTHETIC_PLACE);
}

/** No rule for its inner parts is known well enough to refuse anybody by it. */
function parse2017(text: string, field: string | undefined): NormalId {
  if (!/^[A-Za-z]{3}\d{12}$/.test(text)) refuse('format', field);
  const normal = text.toUpperCase();
  return { normal, original: text, notices: normal === text ? [] : ['lower-case'] };
}

function parse2023(text: string, options: IdOptions): NormalId {
  const { field } = options;
  if (!/^\d{17}[\dXx]$/.test(text)) refuse('character', field);
  const normal = text.toUpperCase();
  requireForeigner(normal, field);
  requireBirth(normal.slice(6, 14), options);
  if (normal.at(-1) !== citizenIdCheckDigit(normal.slice(0, 17))) refuse('check-digit', field);
  if (options.synthetic === 'refuse' && normal.slice(1, 3) === SYNTHETIC_PLACE) refuseSynthetic(field);
  return { normal, original: text, notices: normal === text ? [] : ['lower-case-x'] };
}

function requireForeigner(number: string, field: string | undefined): void {
  if (hasForeignPlace(number)) return;
  const citizen = isProvince(number.slice(0, 2)) || number.startsWith(SYNTHETIC_PROVINCE);
  refuse(citizen ? 'wrong-id-type' : 'region', field);
}
