import { type DocumentKinds } from '#adapter';

/** ZJLX of JGJ/T 320-2014 (domain §3.2); the accounts do not tell travel permits apart. */
export const DOCUMENT_KINDS: DocumentKinds = {
  'citizen-id': '01',
  passport: '03',
  'permanent-residence': '04',
  'hk-macau-permit': '99',
  'taiwan-permit': '99',
};

/** GRZHZT of JGJ/T 320-2014 (domain §3.7). */
export const ACCOUNT_STATES = {
  '01': 'normal',
  '02': 'sealed',
  '03': 'closed-merged',
  '04': 'closed-moved',
  '05': 'closed-withdrawn',
  '06': 'frozen',
  '99': 'other',
};
