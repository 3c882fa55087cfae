import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { useRedirect } from '#testing';
import { ORIGINS, START } from '../monitor.fixture.js';
import { AuditClient } from './audit-client.js';

const redirect = useRedirect();
const { privateKey } = generateKeyPairSync('ed25519');
const client = () =>
  new AuditClient({
    url: redirect.url,
    key: () => ({ keyId: 'data-1/http-signature/1', privateKey }),
    clock: () => START,
    timeoutMs: 5_000,
  });

test.each<[string, () => Promise<unknown>]>([
  ['a checkpoint', () => client().checkpoint(ORIGINS.adapter)],
  ['entries', () => client().entries(ORIGINS.adapter, 0, 1, 1)],
  ['a tile', async () => client().tiles(ORIGINS.adapter).tile(0, 0, 1)],
])(
  '%s of a log is asked of the server that is named, and of none that it sends on to',
  async (_what, ask) => {
    await expect(ask()).rejects.toMatchObject({ problem: 'transport-unavailable', detail: 'answered 307' });
    expect([redirect.asked.length, redirect.followed]).toEqual([1, []]);
  },
);
