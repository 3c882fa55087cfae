import { readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { publicPart, type OwnKey, type RegisteredKey } from '#registry';
import { type AgencyNode } from './index.js';
import {
  append,
  documents,
  keyEntries,
  ownLogKeys,
  register,
  signatures,
  until,
} from './log-keys.fixture.js';
import { LOG, OWN, useNode } from './node.fixture.js';

const bench = useNode();
const keyDir = join(bench.dir, OWN, 'keys');
const own = () => ownLogKeys(bench);
const makeNext = () => bench.store(OWN).nextLogKey(LOG, Date.now());
const sizes = () => own().map(({ fromSize, toSize }) => [fromSize, toSize]);
const applied = () => documents(bench);
const signing = (node: AgencyNode) => node.log.signingKeys().current.publicKey.toString('base64url');
const fileOf = ({ publicKey }: OwnKey): string =>
  readdirSync(keyDir)
    .map((name) => join(keyDir, name))
    .find((path) => readFileSync(path, 'utf8').includes(publicKey))!;

/** The node looks again at once, whatever it had to do before: the registry is a new one. */
async function tended(node: AgencyNode, keys: readonly RegisteredKey[]): Promise<void> {
  await register(bench, node, keys);
  await sleep(500);
}

describe('a closed log key whose file was destroyed', () => {
  let closed: OwnKey;
  let second: OwnKey;
  let third: OwnKey;
  const known = () => [closed, second].map(publicPart);

  test('is not replaced by the key that waits: the log is signed by the one it names, and the node starts again', async () => {
    let node = await bench.open();
    await append(node);
    makeNext();
    await register(bench, node, own().map(publicPart));
    await until(() => applied().some((name) => name.endsWith('closing.note')));
    await append(node);
    await register(bench, node, own().map(publicPart));
    await until(() => applied().length === 0);
    await bench.close();
    [closed, second] = own() as [OwnKey, OwnKey];
    unlinkSync(fileOf(closed));

    third = makeNext();
    expect([sizes().length, third.publicKey === second.publicKey]).toEqual([2, false]);
    for (let starts = 0; starts < 2; starts += 1) {
      node = await bench.open();
      expect(signatures((await append(node)).checkpoint)).toBe(1);
      expect(node.log.signingKeys()).toEqual({
        current: { publicKey: Buffer.from(second.publicKey, 'base64url'), fromSize: second.fromSize },
      });
      await until(() => applied().length > 0);
      await bench.close();
      expect(applied()).toEqual(['hrss-1.adapter.0.next.note']);
      expect(sizes()).toEqual([
        [second.fromSize, undefined],
        [third.fromSize, undefined],
      ]);
    }
  });

  test('leaves the way to the next key open', async () => {
    const node = await bench.open();
    await register(bench, node, [...known(), publicPart(third)]);
    await until(() => applied().some((name) => name.endsWith('closing.note')));
    expect([signing(node), await keyEntries(node)]).toEqual([third.publicKey, 2]);
    expect(signatures((await append(node)).checkpoint)).toBe(2);
    [second, third] = own() as [OwnKey, OwnKey];
    expect(third.fromSize).toBe(second.toSize! + 1);
    await register(bench, node, [closed, second, third].map(publicPart));
    await until(() => applied().length === 0);
    expect(signatures((await append(node)).checkpoint)).toBe(1);
  });

  test('is not changed to when the file of the signing key is missing while the log is written', async () => {
    const node = await bench.open();
    const file = fileOf(third);
    const text = readFileSync(file, 'utf8');
    unlinkSync(file);
    expect(own().map(({ publicKey }) => publicKey)).toEqual([second.publicKey]); // closed, and the first of the store
    await tended(node, [closed, second, third].map(publicPart));
    expect([signing(node), await keyEntries(node)]).toEqual([third.publicKey, 2]);
    writeFileSync(file, text, { mode: 0o600 });
  });

  test('is not changed to when it is the next in the store', async () => {
    const node = await bench.open();
    const file = join(keyDir, 'hrss-1.adapter.0.000004.json');
    writeFileSync(file, readFileSync(fileOf(second), 'utf8'), { mode: 0o600 });
    unlinkSync(join(keyDir, 'hrss-1.adapter.0.000002.json'));
    await tended(node, [closed, second, third].map(publicPart));
    expect([signing(node), await keyEntries(node)]).toEqual([third.publicKey, 2]);
  });
});
