import { refuse } from './faults.js';
import { type IdOptions, type NormalId } from './normal-id.js';
import { requirePlainText } from './plain-text.js';

/**
 * Mainland travel permit of Hong Kong and Macau residents: H or M and 8 digits. Older cards print two more digits that
 * count the issues of the card; they are dropped, because the person stays the same (domain catalogue §3.2).
 * @throws Problem `bad-identifier` with an `IdFault` as detail
 */
export function parseHkMacauPermit(text: string, { field }: IdOptions): NormalId {
  const document = upperCase(text, field);
  if (!/^[HM]\d{8}(\d{2})?$/.test(document.normal)) refuse('format', field);
  if (document.normal.length === 9) return document;
  return {
    ...document,
    normal: document.normal.slice(0, 9),
    notices: [...document.notices, 'issue-number-dropped'],
  };
}

/**
 * Mainland travel permit of Taiwan residents: 8 digits, or 10 with or without a letter on older ones, kept whole.
 * @throws Problem `bad-identifier` with an `IdFault` as detail
 */
export function parseTaiwanPermit(text: string, { field }: IdOptions): NormalId {
  const document = upperCase(text, field);
  if (!/^(\d{8}|\d{10}[A-Z]?)$/.test(document.normal)) refuse('format', field);
  return document;
}

/**
 * Passport of any country: 5 to 17 letters and digits, no check exists.
 * @throws Problem `bad-identifier` with an `IdFault` as detail
 */
export function parsePassport(text: string, { field }: IdOptions): NormalId {
  const document = upperCase(text, field);
  if (document.normal.length < 5 || document.normal.length > 17) refuse('length', field);
  return document;
}

function upperCase(text: string, field: string | undefined): NormalId {
  if (!/^[A-Za-z0-9]+$/.test(requirePlainText(text, field))) refuse('character', field);
  const normal = text.toUpperCase();
  return { normal, original: text, notices: normal === text ? [] : ['lower-case'] };
}
