import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { noteSigner, openNote, parseVerifierKey, signNote } from '#tlog';
import { JUNE, key, log, problemOf, view } from './registry.fixture.js';
import { exportPublicKey, regionCovers } from './index.js';

describe('looking up', () => {
  test('a signature key only within its validity, and never after it was revoked', () => {
    const id = 'fund-9901/http-signature/1';
    const limited = view([key({ id, use: 'http-signature', to: '2026-07-01T00:00:00.000Z' })]);
    const revoked = view([key({ id, use: 'http-signature', revokedAt: '2026-05-31T23:59:59.999Z' })]);
    const found = (from: typeof limited, at: string) => from.signatureKey(id, Date.parse(at))?.id;
    expect([
      found(limited, '2025-12-31T23:59:59.999Z'),
      found(limited, '2026-01-01T00:00:00.000Z'),
      found(limited, '2026-06-30T23:59:59.999Z'),
      found(limited, '2026-07-01T00:00:00.000Z'),
      found(revoked, '2026-05-31T23:59:59.998Z'),
      found(revoked, '2026-06-01T00:00:00.000Z'),
    ]).toEqual([undefined, id, id, undefined, id, undefined]);
  });

  test('a scheme key is no signature key', () => {
    const schemes = view([key({ id: 'fund-9901/scheme/1', use: 'scheme' })]);
    expect(schemes.signatureKey('fund-9901/scheme/1', JUNE)).toBeUndefined();
    expect(schemes.schemeKeys('fund-9901', JUNE).map(({ id }) => id)).toEqual(['fund-9901/scheme/1']);
    expect(schemes.schemeKeys('fund-9902', JUNE)).toEqual([]);
  });

  test('HPKE keys newest first, tenth generation after the ninth', () => {
    const hpke = (n: number, from: string) => key({ id: `fund-9901/hpke/${n}`, use: 'hpke', from });
    const keys = view([
      hpke(9, '2026-05-01T00:00:00.000Z'),
      hpke(10, '2026-05-01T00:00:00.000Z'),
      hpke(8, '2026-05-08T00:00:00.000Z'),
      hpke(11, '2026-06-08T00:00:00.000Z'),
    ]).hpkeKeys('fund-9901', JUNE);
    expect(keys.map(({ id }) => id)).toEqual(['fund-9901/hpke/8', 'fund-9901/hpke/10', 'fund-9901/hpke/9']);
  });

  test('a log by the sizes each of its keys signs, with a verifier key that verifies', () => {
    const origin = 'fund-9901/gateway/0';
    const pair = generateKeyPairSync('ed25519');
    const closed = log(origin, 0, 99);
    const open = { ...log(origin, 100), publicKey: exportPublicKey(pair.publicKey) };
    const logs = view([open, closed]);
    expect(logs.logKeys(origin)).toEqual([
      { publicKey: Buffer.from(closed.publicKey, 'base64url'), fromSize: 0, toSize: 99 },
      { publicKey: Buffer.from(open.publicKey, 'base64url'), fromSize: 100 },
    ]);
    const note = signNote('checkpoint\n', noteSigner(origin, pair.privateKey));
    expect(openNote(note, [parseVerifierKey(logs.verifierKey(origin))]).signers).toEqual([origin]);
    expect([logs.logOwner(origin), logs.logOwner('x'), logs.origins]).toEqual([
      'fund-9901',
      undefined,
      [origin],
    ]);
    expect(logs.logKeys('fund-9901/gateway/1')).toEqual([]);
    expect(problemOf(() => logs.verifierKey('fund-9901/gateway/1')).problem).toBe('not-found');
  });

  test('providers whose region covers the asked one or lies within it', () => {
    const ids = (code: string, region: string) =>
      view([])
        .providersOf(code, region)
        .map(({ id }) => id);
    expect([
      ids('PF-01', '990000'),
      ids('PF-01', '990102'),
      ids('PF-01', '980000'),
      ids('HR-SI-01', '990200'),
      ids('XX-01', '990000'),
    ]).toEqual([['fund-9901', 'fund-9902'], ['fund-9901'], [], ['hrss-99'], []]);
  });

  test.each([
    ['990000', '990102', true],
    ['990100', '990102', true],
    ['990100', '990000', false],
    ['990100', '990200', false],
    ['991000', '991002', true],
    ['990102', '990102', true],
  ])('%s covers %s: %s', (outer, inner, covers) => {
    expect(regionCovers(outer, inner)).toBe(covers);
  });
});
