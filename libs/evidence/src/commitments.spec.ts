import { createHash, createSecretKey } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  bodyHash,
  commitBody,
  exchangeKey,
  operatorCommitment,
  subjectCommitment,
  subjectRoot,
  type CommittedSubject,
} from './index.js';

const epoch = createSecretKey(Buffer.alloc(32, 9));
const person: CommittedSubject = { position: 0, idType: 'citizen-id', normal: '990100199001010011' };

describe('the hash of a body', () => {
  test('covers domain, nonce and body', () => {
    const nonce = Buffer.alloc(16, 3);
    const expected = createHash('sha256')
      .update(Buffer.concat([Buffer.from('body/v1\0'), nonce, Buffer.from('{}')]))
      .digest();
    expect(bodyHash(nonce, Buffer.from('{}'))).toEqual(expected);
  });

  test('is another one each time for the same body, and is reproduced with the nonce', () => {
    const body = Buffer.from('{"answer":"none"}');
    const [first, second] = [commitBody(body), commitBody(body)];
    expect(first.hash).not.toEqual(second.hash);
    expect(bodyHash(first.nonce, body)).toEqual(first.hash);
  });

  test('is refused for a nonce of another length, which would move the border to the body', () => {
    expect(() => bodyHash(Buffer.alloc(15), Buffer.alloc(1))).toThrow(RangeError);
  });
});

describe('subjects of an exchange', () => {
  const kx = exchangeKey(epoch, 'e-1');

  test('give a root that changes with every part, the order and the exchange', () => {
    const root = subjectRoot(kx, [person]);
    const others = [
      subjectRoot(kx, [{ ...person, position: 1 }]),
      subjectRoot(kx, [{ ...person, idType: 'passport' }]),
      subjectRoot(kx, [{ ...person, normal: `${person.normal}0` }]),
      subjectRoot(kx, [person, { ...person, position: 1 }]),
      subjectRoot(kx, []),
      subjectRoot(exchangeKey(epoch, 'e-2'), [person]),
      subjectRoot(exchangeKey(createSecretKey(Buffer.alloc(32, 8)), 'e-1'), [person]),
    ];
    expect(new Set([root, ...others].map(String)).size).toBe(others.length + 1);
    expect(subjectRoot(kx, [{ ...person }])).toEqual(root);
  });

  test('cannot be shifted between the type and the id', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.nat(8), (idType, normal, cut) => {
        const joined = idType + normal;
        const at = Math.min(cut, joined.length);
        fc.pre(at !== idType.length);
        const [a, b] = [joined.slice(0, at), joined.slice(at)];
        fc.pre(a.isWellFormed() && b.isWellFormed() && idType.isWellFormed() && normal.isWellFormed());
        expect(subjectCommitment(epoch, idType, normal)).not.toEqual(subjectCommitment(epoch, a, b));
      }),
    );
  });
});

test('commitments to persons, to officials and of one exchange have nothing in common', () => {
  const all = [
    subjectCommitment(epoch, 'citizen-id', 'x'),
    subjectCommitment(createSecretKey(Buffer.alloc(32, 8)), 'citizen-id', 'x'),
    operatorCommitment(epoch, 'x'),
    operatorCommitment(epoch, 'citizen-id'),
  ];
  expect(new Set(all.map(String)).size).toBe(all.length);
});
