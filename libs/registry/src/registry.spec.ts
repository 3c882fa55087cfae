import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { noteSigner, signNote } from '#tlog';
import { key, NAME, pinned, problemOf, registry, signer } from './registry.fixture.js';
import { openRegistry, RegistryHolder, signRegistry, type RegisteredKey } from './index.js';

describe('opening a registry', () => {
  const note = signRegistry(registry([], 7), signer);

  test.each<[string, () => unknown, string]>([
    [
      'one changed digit',
      () => openRegistry(note.replace('"number":7', '"number":8'), { pinned }),
      'registry-signature',
    ],
    [
      'another signer under the same name',
      () =>
        openRegistry(signRegistry(registry(), noteSigner(NAME, generateKeyPairSync('ed25519').privateKey)), {
          pinned,
        }),
      'registry-signature',
    ],
    ['no note at all', () => openRegistry('', { pinned }), 'registry-signature'],
    [
      'signed JSON that is no registry',
      () => openRegistry(signNote('null\n', signer), { pinned }),
      'registry-invalid',
    ],
    [
      'signed text that is no JSON',
      () => openRegistry(signNote('{\n', signer), { pinned }),
      'registry-invalid',
    ],
    [
      'lists that hold no objects',
      () => openRegistry(signNote('{"agencies":[1],"keys":[]}\n', signer), { pinned }),
      'registry-invalid',
    ],
    [
      'a key without any member',
      () => openRegistry(signNote('{"agencies":[],"keys":[{}]}\n', signer), { pinned }),
      'registry-invalid',
    ],
    [
      'signed but not canonical',
      () => openRegistry(signNote(`${JSON.stringify({ ...registry(), extra: 1 })}\n`, signer), { pinned }),
      'registry-invalid',
    ],
    ['a lower number than held', () => openRegistry(note, { pinned, atLeast: 8 }), 'registry-rollback'],
  ])('refuses %s', (_what, open, name) => {
    expect(problemOf(open).problem).toBe(name);
  });

  test('gives the number and agencies that were signed', () => {
    const opened = openRegistry(note, { pinned, atLeast: 7 });
    expect({
      number: opened.number,
      agency: opened.agency('hrss-99')?.region,
      stranger: opened.agency('tax'),
    }).toEqual({
      number: 7,
      agency: '990000',
      stranger: undefined,
    });
  });
});

describe('holding a registry', () => {
  const note = (number: number, keys: RegisteredKey[] = []) => signRegistry(registry(keys, number), signer);

  test('moves only upwards and tells listeners until they leave', () => {
    const holder = new RegistryHolder(note(3), pinned);
    const heard: number[] = [];
    const leave = holder.onChange(({ number }) => heard.push(number));
    expect([holder.offer(note(3)), holder.offer(note(5))]).toEqual([false, true]);
    expect(problemOf(() => holder.offer(note(4))).problem).toBe('registry-rollback');
    leave();
    holder.offer(note(6));
    expect({ heard, current: holder.current.number }).toEqual({ heard: [5], current: 6 });
  });

  test('tells whether a registry may come in force without putting it there', () => {
    const holder = new RegistryHolder(note(3), pinned);
    expect([holder.check(note(3)).number, holder.check(note(5)).number]).toEqual([3, 5]);
    expect(problemOf(() => holder.check(note(2))).problem).toBe('registry-rollback');
    expect(holder.current.number).toBe(3);
  });

  test('refuses two contents under one number, and keeps what it held when an offer is forged', () => {
    const holder = new RegistryHolder(note(3), pinned);
    const twin = note(3, [key({ id: 'fund-9901/scheme/1', use: 'scheme' })]);
    expect(problemOf(() => holder.offer(twin)).problem).toBe('registry-rollback');
    expect(problemOf(() => holder.offer(note(9).replace('"number":9', '"number":99'))).problem).toBe(
      'registry-signature',
    );
    expect(holder.current.number).toBe(3);
  });

  test('does not start below the number a node has held', () => {
    expect(problemOf(() => new RegistryHolder(note(3), pinned, 4)).problem).toBe('registry-rollback');
  });
});
