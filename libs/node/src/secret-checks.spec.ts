import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { OWN, useNode } from './node.fixture.js';

const province = useNode();

describe.each(['epoch', 'seal', 'pseudonym'])('a node that has worked with its secret %s', (use) => {
  const file = join(province.dir, OWN, 'secrets', `${use}.1`);

  test('does not start without it, and makes no other', async () => {
    const secret = await workOnce();
    rmSync(file);
    await expect(province.open()).rejects.toMatchObject({ problem: 'key-store' });
    expect(existsSync(file)).toBe(false);
    await startsWith(secret);
  });

  test('does not start with another', async () => {
    const secret = await workOnce();
    writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
    await expect(province.open()).rejects.toMatchObject({ problem: 'key-store' });
    await startsWith(secret);
  });

  async function workOnce(): Promise<string> {
    await province.open();
    await province.close();
    return readFileSync(file, 'utf8');
  }

  async function startsWith(secret: string): Promise<void> {
    writeFileSync(file, secret, { mode: 0o600 });
    expect((await province.open()).epochKey.symmetricKeySize).toBe(32);
  }
});
