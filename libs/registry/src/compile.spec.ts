import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { agency, key, log, problemOf, registry, signer } from './registry.fixture.js';
import { compileRegistry, signRegistry, type RegisteredKey } from './index.js';

describe('compiling a registry', () => {
  const good = key({ id: 'fund-9901/http-signature/1', use: 'http-signature' });

  test('reports every fault at once, by field and without echoing values', () => {
    const problem = problemOf(() =>
      compileRegistry({
        number: 0,
        issuedAt: '2026-13-01T00:00:00.000Z',
        agencies: [agency('Fund', '99')],
        keys: [{ ...good, algorithm: 'x25519', publicKey: 'secret-value', from: 'yesterday' }],
      }),
    );
    expect(problem.problem).toBe('registry-invalid');
    expect((problem.extensions.faults as { field: string }[]).map(({ field }) => field)).toEqual([
      '/number',
      '/issuedAt',
      '/agencies/0/id',
      '/agencies/0/region',
      '/keys/0/algorithm',
      '/keys/0/publicKey',
      '/keys/0/from',
      '/keys/0/agency',
    ]);
    expect(JSON.stringify(problem.toDocument())).not.toContain('secret-value');
  });

  test.each<[string, RegisteredKey[], string]>([
    [
      'a key of an agency that is not there',
      [key({ id: 'tax-99/scheme/1', use: 'scheme' })],
      '/keys/0/agency',
    ],
    ['an id that names another agency', [{ ...good, agency: 'fund-9902' }], '/keys/0/id'],
    ['an id that names another use', [{ ...good, id: 'fund-9901/scheme/1' }], '/keys/0/id'],
    ['generation zero', [{ ...good, id: 'fund-9901/http-signature/0' }], '/keys/0/id'],
    ['the same id twice', [good, key({ id: good.id, use: good.use })], '/keys/1/id'],
    [
      'one public key for two uses',
      [good, { ...good, id: 'fund-9901/scheme/1', use: 'scheme' }],
      '/keys/1/publicKey',
    ],
    ['an end before the beginning', [{ ...good, to: '2025-01-01T00:00:00.000Z' }], '/keys/0/to'],
    ['a padded public key', [{ ...good, publicKey: `${good.publicKey}=` }], '/keys/0/publicKey'],
    ['log sizes on another key', [{ ...good, fromSize: 0 }], '/keys/0/fromSize'],
    ['a log of another agency', [{ ...log('fund-9901/gateway/0', 0), agency: 'fund-9902' }], '/keys/0/id'],
    [
      'a log key without its first size',
      [key({ id: 'fund-9901/gateway/0', use: 'log', origin: 'fund-9901/gateway/0' })],
      '/keys/0/fromSize',
    ],
    [
      'three open keys of one log',
      [0, 9, 19].map((size) => log('fund-9901/gateway/0', size)),
      '/keys/1/fromSize',
    ],
    [
      'an open key beside one that is closed later',
      [log('fund-9901/gateway/0', 0), log('fund-9901/gateway/0', 9, 19)],
      '/keys/1/fromSize',
    ],
    [
      'two keys that share a size',
      [log('fund-9901/gateway/0', 0, 9), log('fund-9901/gateway/0', 9)],
      '/keys/1/fromSize',
    ],
    [
      'a revoked log key that is not closed',
      [{ ...log('fund-9901/gateway/0', 0), revokedAt: good.from }],
      '/keys/0/toSize',
    ],
    ['an unknown member', [{ ...good, privateKey: 'x' } as RegisteredKey], '/keys/0'],
    ['an unknown use', [{ ...good, use: 'tls' as 'scheme', id: 'fund-9901/tls/1' }], '/keys/0/use'],
  ])('refuses %s', (_what, keys, field) => {
    const problem = problemOf(() => registry(keys));
    expect({ problem: problem.problem, field: problem.field }).toEqual({
      problem: 'registry-invalid',
      field,
    });
  });

  test('gives equal bytes for equal content in any order', () => {
    const keys = [good, log('fund-9901/gateway/0', 0, 9), log('fund-9901/gateway/0', 10)];
    fc.assert(
      fc.property(fc.shuffledSubarray(keys, { minLength: 3 }), (shuffled) => {
        expect(signRegistry(registry(shuffled), signer)).toBe(signRegistry(registry(keys), signer));
      }),
    );
  });
});
