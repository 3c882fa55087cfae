import { requireBirth } from './birth.js';
import { citizenIdCheckDigit } from './check-digits.js';
import { refuse, refuseSynthetic } from './faults.js';
import { type IdNotice, type IdOptions, type NormalId } from './normal-id.js';
import { requirePlainText } from './plain-text.js';
import { hasForeignPlace } from './permanent-residence.js';
import { isProvince, SYNTHETIC_PROVINCE } from './region.js';

/**
 * Brings a citizen ID (GB 11643-1999, or 15 digits of 1989) to its 18-character normal form.
 *
 * Region codes below the province are not looked up: an abolished one is still in people's numbers.
 * @throws Problem `bad-identifier` with an `IdFault` as detail, or `synthetic-identity`
 */
export function parseCitizenId(text: string, options: IdOptions): NormalId {
  const { normal, notices } = to18(requirePlainText(text, options.field), options.field);
  requireRegion(normal, options.field);
  requireBirth(normal.slice(6, 14), options);
  if (normal.at(-1) !== citizenIdCheckDigit(normal.slice(0, 17))) refuse('check-digit', options.field);
  if (options.synthetic === 'refuse' && isSynthetic(normal)) refuseSynthetic(options.field);
  return { normal, original: text, notices };
}

function to18(text: string, field: string | undefined): { normal: string; notices: IdNotice[] } {
  if (text.length === 15) return { normal: from15(text, field), notices: ['converted-15'] };
  if (text.length !== 18) refuse('length', field);
  if (!/^\d{17}[\dXx]$/.test(text)) refuse('character', field);
  return { normal: text.toUpperCase(), notices: text.endsWith('x') ? ['lower-case-x'] : [] };
}

/** Sequences 996–999 were kept for centenarians, who would need "18": not guessed (domain catalogue §3.1). */
function from15(text: string, field: string | undefined): string {
  if (!/^\d{15}$/.test(text)) refuse('character', field);
  if (Number(text.slice(12)) >= 996) refuse('ambiguous-century', field);
  const body = `${text.slice(0, 6)}19${text.slice(6)}`;
  return body + citizenIdCheckDigit(body);
}

function requireRegion(number: string, field: string | undefined): void {
  if (isSynthetic(number) || isProvince(number.slice(0, 2))) return;
  refuse(hasForeignPlace(number) ? 'wrong-id-type' : 'region', field);
}

function isSynthetic(number: string): boolean {
  return number.startsWith(SYNTHETIC_PROVINCE);
}
