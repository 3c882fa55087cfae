import { type DocumentKinds } from '#adapter';

/** AAA029 (domain §3.6): 01 is GB/T 40217's, the others are assumed. */
export const DOCUMENT_KINDS: DocumentKinds = {
  'citizen-id': '01',
  'hk-macau-permit': '04',
  'taiwan-permit': '06',
  'permanent-residence': '07',
  passport: '08',
};

/** AAB022 where the trade decides (GB/T 4754), else AAB019; `0`: the person pays alone. */
export const PAYER_TYPES = {
  '0': 'individual',
  '7261': 'hr-agency',
  '7262': 'hr-agency',
  '7263': 'dispatch',
  '10': 'enterprise',
  '55': 'institution',
  '60': 'government',
};

/** AAE140: the contract keeps the standard's codes. */
export const INSURANCES = {
  '110': '110',
  '120': '120',
  '170': '170',
  '210': '210',
  '310': '310',
  '410': '410',
  '510': '510',
};

/** AAC008 */
export const PARTICIPATION = { '0': 'none', '1': 'normal', '2': 'ended' };

/** AAC031 */
export const PAYMENT = { '1': 'paying', '2': 'suspended', '3': 'ended' };

export const CONTRACT_TYPES = { '1': 'fixed', '2': 'open', '3': 'task' };

export const YES_NO = { '0': false, '1': true };

export const EXAM_RESULTS = { '1': 'passed', '2': 'failed', '3': 'absent', '4': 'pending' };

export const DEPOSIT_KINDS = { '1': 'unit', '2': 'person' };
