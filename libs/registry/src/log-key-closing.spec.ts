import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import canonicalize from 'canonicalize';
import { Problem } from '#problem';
import { Edge, formatCheckpoint, formatProof, hashLeaf, noteSigner, signNote } from '#tlog';
import {
  acceptLogKeyClosing,
  isLogKeyClosing,
  keyEntryText,
  KeyStore,
  logKeyClosing,
  publicPart,
  registration,
  type OwnKey,
} from './index.js';

const AT = Date.parse('2026-06-01T00:00:00.000Z');
const ORIGIN = 'fund/adapter/0';
const SIZE = 5;
const dir = mkdtempSync(join(tmpdir(), 'closing-'));
const store = new KeyStore(dir, 'fund');
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const endorser = store.ensure('http-signature', AT);
const registeredOld = store.logKey(ORIGIN, AT);
const registeredNext = store.nextLogKey(ORIGIN, AT);
const stranger = new KeyStore(join(dir, 'other'), 'fund').logKey(ORIGIN, AT);
const known = [endorser, registeredOld, registeredNext].map(publicPart);
const old: OwnKey = { ...registeredOld, toSize: SIZE };
const next: OwnKey = { ...registeredNext, fromSize: SIZE + 1 };
const keyEntry = entry({ to: nameOf(next) });

function nameOf({ publicKey }: OwnKey): string {
  return keyEntryText(ORIGIN, Buffer.from(publicKey, 'base64url'));
}

function entry(more: object): string {
  return JSON.stringify({ kind: 'key', origin: ORIGIN, ...more });
}

/** A log of `before` ticks, the entry, and `after` more, with the entry's receipt under a checkpoint of all of it. */
function receipt(line: string, signer: OwnKey, { before = SIZE - 1, after = 0, origin = ORIGIN } = {}) {
  const ticks = (count: number) =>
    Array.from({ length: count }, (_, i) => hashLeaf(Buffer.from(`tick ${i}`)));
  const { edge, paths } = Edge.empty().extend([
    ...ticks(before),
    hashLeaf(Buffer.from(line)),
    ...ticks(after),
  ]);
  const text = formatCheckpoint({ origin, size: edge.size, root: edge.root() });
  const note = signNote(text, noteSigner(origin, signer.privateKey));
  return { entry: line, proof: formatProof({ index: before, path: paths[before]!, note }) };
}

function refused(document: string): unknown {
  try {
    acceptLogKeyClosing(document, known);
  } catch (error) {
    if (error instanceof Problem) return [error.problem, error.field];
  }
  return 'accepted';
}

const close = (proof: ReturnType<typeof receipt>, change = { closed: old, next }) =>
  refused(logKeyClosing(change, proof, endorser));

describe('the statement that closes a log key', () => {
  test('is taken with the log’s own word, under the checkpoint of the old key or a later one', () => {
    const both = { closed: publicPart(old), next: publicPart(next) };
    for (const proof of [receipt(keyEntry, old), receipt(keyEntry, next, { after: 7 })]) {
      const document = logKeyClosing({ closed: old, next }, proof, endorser);
      expect(isLogKeyClosing(document)).toBe(true);
      expect(acceptLogKeyClosing(document, known)).toEqual(both);
      expect(acceptLogKeyClosing(document, [publicPart(endorser), both.closed, both.next])).toEqual(both);
    }
    expect(isLogKeyClosing(registration(next, endorser))).toBe(false);
  });

  test.each<[string, ReturnType<typeof receipt>, string, string]>([
    ['an entry of another kind', receipt(entry({ kind: 'tick' }), old), 'registry-invalid', '/entry'],
    [
      'an entry that names another key',
      receipt(entry({ to: nameOf(stranger) }), old),
      'registry-invalid',
      '/entry',
    ],
    [
      'an entry of another log',
      receipt(entry({ to: nameOf(next), origin: 'fund/adapter/1' }), old),
      'registry-invalid',
      '/entry',
    ],
    ['an entry at another place', receipt(keyEntry, old, { before: SIZE - 2 }), 'registry-invalid', '/proof'],
    [
      'an entry that is not in the log',
      { ...receipt(entry({}), old), entry: keyEntry },
      'registry-invalid',
      '/proof',
    ],
    ['the next key’s word for the old key’s size', receipt(keyEntry, next), 'registry-signature', '/proof'],
    ['a stranger’s checkpoint', receipt(keyEntry, stranger), 'registry-signature', '/proof'],
  ])('is refused with %s', (_what, proof, problem, field) => {
    expect(close(proof)).toEqual([problem, field]);
  });

  test('changes nothing but the size between two registered keys', () => {
    const proof = receipt(keyEntry, old);
    const cases: [object, string][] = [
      [{ closed: { ...old, to: '2027-01-01T00:00:00.000Z' } }, '/closed'],
      [{ next: { ...next, from: '2026-06-02T00:00:00.000Z' } }, '/next'],
      [{ next: { ...next, fromSize: SIZE } }, '/next/fromSize'],
      [{ closed: registeredOld }, '/closed/toSize'],
      [{ closed: { ...stranger, toSize: SIZE } }, '/closed'],
    ];
    expect(cases.map(([more]) => close(proof, { closed: old, next, ...more }))).toEqual(
      cases.map(([, field]) => ['registry-invalid', field]),
    );
  });

  test('does not close a closed key elsewhere', () => {
    const shorter = { closed: { ...old, toSize: SIZE - 1 }, next: { ...next, fromSize: SIZE } };
    const document = logKeyClosing(shorter, receipt(keyEntry, old, { before: SIZE - 2 }), endorser);
    expect(refused(document)).toBe('accepted');
    const closed = [endorser, old, next].map(publicPart);
    expect(() => acceptLogKeyClosing(document, closed)).toThrow(
      expect.objectContaining({ problem: 'registry-invalid', field: '/closed/toSize' }),
    );
  });

  test('needs the agency’s endorsement, the next key’s own signature, and its canonical form', () => {
    const proof = receipt(keyEntry, old);
    const change = { closed: old, next };
    expect(refused(logKeyClosing(change, proof, next))).toEqual(['registry-signature', '/endorser']);
    const unsigned = logKeyClosing(
      { closed: old, next: { ...next, privateKey: old.privateKey } },
      proof,
      endorser,
    );
    expect(refused(unsigned)).toEqual(['registry-signature', '/next/publicKey']);
    const text = canonicalize({ kind: 'log-key-closing/v1', closed: publicPart(old), next: 1, ...proof });
    expect(refused(`${text}\n\n`)).toEqual(['registry-invalid', undefined]);
  });
});
