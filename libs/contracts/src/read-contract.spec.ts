import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { EditedCopy } from './testing/edited-copy.js';

let copy: EditedCopy;
beforeEach(() => {
  copy = new EditedCopy();
});
afterEach(() => copy.remove());

const QUERY = 'queries/PF-01';

describe('a query folder is refused with', () => {
  test.each([
    [
      'an unknown key',
      `${QUERY}/contract.yaml`,
      'maxRows: 20',
      'maxRows: 20\nmaxRow: 3',
      `${QUERY}/contract.yaml /: must NOT have additional`,
    ],
    [
      'a field without schema',
      `${QUERY}/contract.yaml`,
      'fields:',
      'fields:\n  ghost: { title: 无, classification: public, modes: [plain] }',
      `${QUERY}/contract.yaml /fields/ghost: is not in reply.schema.json`,
    ],
    [
      'a schema property without field',
      `${QUERY}/contract.yaml`,
      '  region: {',
      '  regionn: {',
      `${QUERY}/reply.schema.json /properties/region: is not in contract.yaml`,
    ],
    [
      'a region field that is none',
      `${QUERY}/contract.yaml`,
      'regionField: region',
      'regionField: quyu',
      `${QUERY}/contract.yaml /regionField: is not in reply.schema.json`,
    ],
    [
      'match without claim',
      'queries/PF-02/contract.yaml',
      ', claim: unitName',
      '',
      'queries/PF-02/contract.yaml /fields/unitName: match and claim go together',
    ],
    [
      'an open object',
      `${QUERY}/reply.schema.json`,
      '"additionalProperties": false',
      '"additionalProperties": true',
      `${QUERY}/reply.schema.json /: additionalProperties must be false`,
    ],
    [
      'a folder that is not the code',
      `${QUERY}/contract.yaml`,
      'code: PF-01',
      'code: PF-09',
      `${QUERY}/contract.yaml /code: belongs into folder PF-09`,
    ],
    [
      'a version without its folder',
      `${QUERY}/contract.yaml`,
      'version: 1',
      'version: 2',
      `${QUERY}/contract.yaml /code: belongs into folder PF-01-v2`,
    ],
    ['JSON that is none', `${QUERY}/reply.schema.json`, '{', '{{', `${QUERY}/reply.schema.json /:`],
    [
      'an unknown schema keyword',
      `${QUERY}/reply.schema.json`,
      '"minimum": 0',
      '"minimun": 0',
      `queries/PF-01 /: strict mode: unknown keyword: "minimun"`,
    ],
    [
      'an example with a wrong value',
      `${QUERY}/examples/found.json`,
      '"normal"',
      '"fine"',
      `${QUERY}/examples/found.json /reply/0/records/0/accountStatus: enum`,
    ],
    [
      'an example request out of range',
      `${QUERY}/examples/found.json`,
      '"2026-03"',
      '"2029-03"',
      `${QUERY}/examples/found.json /request/params/months: more than 24 months`,
    ],
    [
      'an example whose subject is no synthetic person',
      `${QUERY}/examples/found.json`,
      'citizen-id',
      'passport',
      `${QUERY}/examples/found.json /request/subjects/0: must be synthetic`,
    ],
  ])('%s', (_name, file, from, to, fault) => {
    copy.edit(file, from, to);
    expect(copy.faults()).toContainEqual(expect.stringContaining(fault));
  });

  test('no examples', () => {
    rmSync(join(copy.root, QUERY, 'examples'), { recursive: true });
    expect(copy.faults()).toEqual([
      `${QUERY}/examples /: a contract needs an example`,
      `${QUERY}/examples /: folder is missing`,
    ]);
  });
});
