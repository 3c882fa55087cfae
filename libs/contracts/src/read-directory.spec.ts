import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { EditedCopy } from './testing/edited-copy.js';

let copy: EditedCopy;
beforeEach(() => {
  copy = new EditedCopy();
});
afterEach(() => copy.remove());

const AGENCY = 'agencies/fund-990100.yaml';

describe('agencies, purposes, campaigns and regions are refused with', () => {
  test.each([
    [
      'a duplicate key',
      AGENCY,
      'class: fund',
      'class: fund\nclass: hrss',
      `${AGENCY} /: Map keys must be unique`,
    ],
    ['an alias', AGENCY, "'990100'", '&a 990100\nname: *a', `${AGENCY} /:`],
    [
      'a USCC with a wrong check digit',
      AGENCY,
      '12990100MB00000432',
      '12990100MB00000433',
      `${AGENCY} /uscc: legacy-check`,
    ],
    [
      'two agencies with one USCC',
      AGENCY,
      '12990100MB00000432',
      '12990200MB00000512',
      'agencies/fund-990200.yaml /uscc: is also that of fund-990100',
    ],
    [
      'a file named after another agency',
      AGENCY,
      'id: fund-990100',
      'id: fund-990101',
      `${AGENCY} /id: must be the name of the file`,
    ],
    ['an unknown region', AGENCY, "'990100'", "'990300'", `${AGENCY} /region: is not in regions.yaml`],
    [
      'a query of another class',
      AGENCY,
      'PF-02',
      'HR-SI-01',
      `${AGENCY} /provides/1: belongs to agencies of class hrss`,
    ],
    [
      'a query that is not there',
      AGENCY,
      'PF-02',
      'PF-99',
      `${AGENCY} /provides/1: there is no such contract`,
    ],
    [
      'a purpose listed twice',
      'purposes.yaml',
      'code: fund-service',
      'code: case-verification',
      'purposes.yaml /: case-verification is listed twice',
    ],
    [
      'a stage outside its campaign',
      'campaigns/TC-2026-01.yaml',
      "to: '2026-06-30'",
      "to: '2029-06-30'",
      'campaigns/TC-2026-01.yaml /stages/0: lies outside the campaign',
    ],
  ])('%s', (_name, file, from, to, fault) => {
    copy.edit(file, from, to);
    expect(copy.faults()).toContainEqual(expect.stringContaining(fault));
  });
});
