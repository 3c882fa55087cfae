import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { Problem } from '#problem';
import { noteSigner, noteVerifier, signNote } from '#tlog';
import { bundle, scheme } from '../spec/sample.js';
import { openBundle, signBundle } from './index.js';

function keyOf(name: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { signer: noteSigner(name, privateKey), verifier: noteVerifier(name, publicKey) };
}

const own = keyOf('hrss-990000/scheme');
const other = keyOf('housing-990100/scheme');
const verifiers = [own.verifier, other.verifier];
const provider = 'hrss-990000';

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) return error.problem;
    throw error;
  }
  return 'accepted';
}

/** A note with any text, signed by a good key. */
const noteOf = (text: string, { signer } = own) => signNote(text, signer);

describe('a signed bundle', () => {
  test('opens to what was signed, its text one line of canonical JSON', () => {
    const note = signBundle(bundle([scheme()], 3), own.signer);
    expect(openBundle(note, { provider, verifiers, atLeast: 3 })).toEqual(bundle([scheme()], 3));
    expect(note.split('\n')[0]).toMatch(/^\{"issuedAt":.*"v":1\}$/);
  });

  test('is refused when one character of it was changed, or its signer is unknown', () => {
    const note = signBundle(bundle(), own.signer);
    const changed = note.replace('"perDay":100', '"perDay":999');
    expect(changed).not.toBe(note);
    expect(refusal(() => openBundle(changed, { provider, verifiers }))).toBe('bundle-signature');
    expect(refusal(() => openBundle(note, { provider, verifiers: [other.verifier] }))).toBe(
      'bundle-signature',
    );
    expect(refusal(() => openBundle('no note', { provider, verifiers }))).toBe('bundle-signature');
  });

  test('is refused when another agency signed it, or it is about another agency', () => {
    const text = signBundle(bundle(), own.signer).split('\n\n')[0]!;
    expect(refusal(() => openBundle(noteOf(`${text}\n`, other), { provider, verifiers }))).toBe(
      'bundle-signer',
    );
    const foreign = { ...bundle(), provider: 'housing-990100' };
    expect(refusal(() => openBundle(signBundle(foreign, other.signer), { provider, verifiers }))).toBe(
      'bundle-signer',
    );
    const smuggled = { ...bundle(), schemes: [scheme({ provider: 'fund-990100' })] };
    expect(refusal(() => openBundle(signBundle(smuggled, own.signer), { provider, verifiers }))).toBe(
      'bundle-signer',
    );
  });

  test('is not signed with a key of another agency or another use', () => {
    expect(refusal(() => signBundle(bundle(), other.signer))).toBe('bundle-signer');
    expect(refusal(() => signBundle(bundle(), keyOf('hrss-990000/gateway/0').signer))).toBe('bundle-signer');
  });

  test('is refused when its number is lower than one seen before', () => {
    const note = signBundle(bundle([scheme()], 6), own.signer);
    expect(refusal(() => openBundle(note, { provider, verifiers, atLeast: 7 }))).toBe('bundle-rollback');
    expect(refusal(() => openBundle(note, { provider, verifiers, atLeast: 6 }))).toBe('accepted');
  });

  test('is refused when its text is not a bundle, or not in canonical form', () => {
    const text = signBundle(bundle(), own.signer).split('\n\n')[0]!;
    expect(refusal(() => openBundle(noteOf('not json\n'), { provider, verifiers }))).toBe('bundle-invalid');
    expect(refusal(() => openBundle(noteOf('{}\n'), { provider, verifiers }))).toBe('bundle-invalid');
    expect(refusal(() => openBundle(noteOf(` ${text}\n`), { provider, verifiers }))).toBe('bundle-invalid');
    const twice = text.replace('{', '{"number":1,');
    expect(refusal(() => openBundle(noteOf(`${twice}\n`), { provider, verifiers }))).toBe('bundle-invalid');
  });
});
