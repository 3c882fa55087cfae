import { type DocumentKinds } from '#adapter';

/** GA/T 517 kinds of document, as the platform has them (domain §3.2). */
const DOCUMENT_KINDS: DocumentKinds = {
  'citizen-id': '111',
  passport: '414',
  'taiwan-permit': '511',
  'hk-macau-permit': '516',
  'permanent-residence': '553',
};

/** Units are asked for by their credit code alone. */
export const SUBJECT_KINDS: DocumentKinds = { ...DOCUMENT_KINDS, uscc: '' };

/** The platform's kind of document to the contract's. */
export const KINDS_BY_CODE: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(DOCUMENT_KINDS).map(([kind, code]) => [code, kind]),
);

/** REG_TYPE (domain §3.5): 071 and 072 are the platform's own, the others are assumed. */
export const CATEGORIES = {
  RY_ZCLB_01: 'AR1',
  RY_ZCLB_02: 'S1',
  RY_ZCLB_04: 'SE',
  RY_ZCLB_05: 'CE1',
  RY_ZCLB_071: 'CB1',
  RY_ZCLB_072: 'CB2',
};

/** REG_STATE; `past`: in force by its state, over by its date. */
export const STATES = { '1': 'valid', '2': 'cancelled', '3': 'expired', '4': 'revoked', past: 'expired' };

export const BAN_STATES = { true: 'BANNED', false: 'CLEAR' };
