import { describe, expect, test } from '@jest/globals';
import { unknownMember } from './index.js';

const KNOWN = ['requestId', 'operatorId', 'idType', 'idNumber', 'to'];

describe('what is told of a member that is not known', () => {
  test.each(['zhangsan', '李四990101198503120010', 'E12345678', 'constructor', '', 'x', 'do'])(
    'is nothing of its name: %s',
    (name) => {
      expect(unknownMember(name, KNOWN)).toBe('unknown member');
    },
  );

  test.each([
    ['IDNUMBER', 'idNumber'],
    ['id_number', 'idNumber'],
    ['idNumer', 'idNumber'],
    ['requestID', 'requestId'],
    ['To', 'to'],
    ['idTpye', 'idType'],
  ])('is the known name that %s comes close to', (name, known) => {
    expect(unknownMember(name, KNOWN)).toBe(`unknown member, ${known} may be meant`);
  });

  test('is found without weighing a name that is far too long', () => {
    expect(unknownMember('idNumber'.repeat(100_000), KNOWN)).toBe('unknown member');
  });
});
