import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from '@jest/globals';
import { verifyConsistency, verifyInclusion } from './index.js';

/** Proofs of transparency-dev/merkle: see the README beside them. */
const VECTORS = join(import.meta.dirname, '../../../test/vectors/merkle');

interface Vector {
  leafIdx: number;
  treeSize: number;
  root: string;
  leafHash: string;
  size1: number;
  size2: number;
  root1: string;
  root2: string;
  proof: string[] | null;
  wantErr: boolean;
}

const bytes = (text: string | null): Buffer => Buffer.from(text ?? '', 'base64');

const accepted = (path: string, vector: Vector): boolean => {
  const proof = (vector.proof ?? []).map(bytes);
  return path.startsWith('inclusion')
    ? verifyInclusion({
        index: vector.leafIdx,
        size: vector.treeSize,
        leaf: bytes(vector.leafHash),
        root: bytes(vector.root),
        path: proof,
      })
    : verifyConsistency({
        oldSize: vector.size1,
        newSize: vector.size2,
        oldRoot: bytes(vector.root1),
        newRoot: bytes(vector.root2),
        proof,
      });
};

const results = readdirSync(VECTORS, { recursive: true, withFileTypes: true })
  .filter((file) => file.isFile() && file.name.endsWith('.json'))
  .map((file) => join(file.parentPath, file.name))
  .map((file) => {
    const vector = JSON.parse(readFileSync(file, 'utf8')) as Vector;
    const path = relative(VECTORS, file);
    return { path, want: !vector.wantErr, got: accepted(path, vector) };
  });

/**
 * What we decide otherwise, on purpose. This vector gives two equal "roots" of 12 bytes of text and wants them
 * taken as the same tree; here a root that is not a SHA-256 hash proves nothing. (That consistency from size 0 is
 * refused too is no difference: this version of the vectors wants the same.)
 */
const REFUSED_FOR_THEIR_HASH_LENGTH = ['consistency/additional/sizes-are-equal-one-and-proof-is-empty.json'];

test('every vector gets the answer it asks for, but the one whose roots are not 32 bytes', () => {
  expect(results.length).toBe(196);
  expect(results.filter(({ want, got }) => want !== got)).toEqual(
    REFUSED_FOR_THEIR_HASH_LENGTH.map((path) => ({ path, want: true, got: false })),
  );
});

test('the vectors ask for both answers to both kinds of proof', () => {
  const count = (kind: string, want: boolean) =>
    results.filter((result) => result.path.startsWith(kind) && result.want === want).length;
  expect({
    inclusion: [count('inclusion', true), count('inclusion', false)],
    consistency: [count('consistency', true), count('consistency', false)],
  }).toEqual({ inclusion: [6, 92], consistency: [6, 92] });
});
