/** The parts of a question that stay the same. One person's file: the smallest lookup that a contract has, so that what is measured is the way there and back. */
export const QUESTION = {
  operatorId: 'officer-0117',
  purpose: { code: 'licence-screening', campaign: 'TC-2026-01' },
  region: '990100',
} as const;

export const PATH = '/v1/queries/HR-AR-01';

/** In every good answer once for each subject. */
export const FOUND = '"answer":"found","records"';
