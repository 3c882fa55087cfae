import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { EditedCopy } from './testing/edited-copy.js';

let copy: EditedCopy;
beforeEach(() => {
  copy = new EditedCopy();
});
afterEach(() => copy.remove());

const SCHEME = 'sharing/fund/housing-990100.yaml';

describe('a scheme file is refused with', () => {
  test.each([
    [
      'a scheme in the wrong place',
      SCHEME,
      'requester: housing-990100',
      'requester: housing-990000',
      `${SCHEME} /: file must be <provider>/<requester>.yaml`,
    ],
    [
      'an unknown agency',
      SCHEME,
      'requester: housing-990100',
      'requester: housing-1',
      `${SCHEME} /requester: is no agency and no class of one`,
    ],
    [
      'a contract version that is not there',
      SCHEME,
      'PF-01@1',
      'PF-01@2',
      `${SCHEME} /grants/0/query: there is no such contract version`,
    ],
    [
      'a query that the provider does not answer',
      SCHEME,
      'PF-01@1',
      'HR-AR-01@1',
      `${SCHEME} /grants/0/query: fund does not provide it`,
    ],
    [
      'a field that the contract has not',
      SCHEME,
      'accountStatus:',
      'accountBalance:',
      `${SCHEME} /grants/0/fields/accountBalance: is not a field of the contract`,
    ],
    [
      'a mode that the contract forbids',
      SCHEME,
      'idNumber: { release: mask, mask: keep, first: 1, last: 1 }',
      'idNumber: { release: plain }',
      `${SCHEME} /grants/0/fields/idNumber/release: the contract allows mask, pseudonym`,
    ],
    [
      'bands that do not ascend',
      SCHEME,
      '[1, 6, 12]',
      '[6, 1, 12]',
      `${SCHEME} /grants/0/fields/monthsPaid/bands: must ascend`,
    ],
    [
      'a claim that is another field’s',
      SCHEME,
      'claim: unitName',
      'claim: uscc',
      `${SCHEME} /grants/1/fields/unitName/claim: is not the claim of the contract`,
    ],
    [
      'more rows than the contract',
      SCHEME,
      'max: 20',
      'max: 21',
      `${SCHEME} /grants/0/rows/max: the contract allows 20`,
    ],
    ['no month limit', SCHEME, ', months: 24', '', `${SCHEME} /grants/0/rows/months: is missing`],
    [
      'an unknown purpose',
      SCHEME,
      'case-verification',
      'curiosity',
      `${SCHEME} /grants/0/purposes/1/code: is not in purposes.yaml`,
    ],
    [
      'a campaign purpose without campaign',
      SCHEME,
      ', campaigns: [TC-2026-01]',
      '',
      `${SCHEME} /grants/0/purposes/0: must name campaigns`,
    ],
    [
      'an unknown campaign',
      SCHEME,
      'TC-2026-01',
      'TC-2026-02',
      `${SCHEME} /grants/0/purposes/0/campaigns/0: is not in campaigns/`,
    ],
    [
      'a validity that ends before it begins',
      SCHEME,
      '2028-01-01',
      '2025-01-01',
      `${SCHEME} /grants/0/validity: ends before it begins`,
    ],
  ])('%s', (_name, file, from, to, fault) => {
    copy.edit(file, from, to);
    expect(copy.faults()).toContainEqual(expect.stringContaining(fault));
  });
});
