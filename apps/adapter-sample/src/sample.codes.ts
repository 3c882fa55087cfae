import { type DocumentKinds } from '#adapter';

/** The contract's kind of document to CERT_TP of t_cif (证件类型). The bank does not tell travel permits apart. */
export const DOCUMENT_KINDS: DocumentKinds = {
  'citizen-id': 'A',
  passport: 'C',
  'permanent-residence': 'D',
  'hk-macau-permit': 'E',
  'taiwan-permit': 'E',
};

/** ACCT_STS of t_pfacct (账户状态) to the contract's word. */
export const ACCOUNT_STATES = {
  N: 'normal',
  S: 'sealed',
  M: 'closed-merged',
  T: 'closed-moved',
  W: 'closed-withdrawn',
  F: 'frozen',
};
