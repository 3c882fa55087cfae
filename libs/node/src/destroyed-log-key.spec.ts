import { readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { publicPart, type OwnKey, type RegisteredKey } from '#registry';
import { type AgencyNode } from './index.js';
import { LOG, OWN, useNode } from './node.fixture.js';

const bench = useNode();
const keyDir = join(bench.dir, OWN, 'keys');
const own = () => bench.store(OWN).logKeys(LOG, Date.now());
const makeNext = () => bench.store(OWN).nextLogKey(LOG, Date.now());
const sizes = () => own().map(({ fromSize, toSize }) => [fromSize, toSize]);
const applied = () =>
  readdirSync(join(bench.dir, OWN, 'registrations')).filter((name) => name.startsWith('hrss-1.adapter'));

/** The province registers these log keys, and the registry reaches the node, which keeps it. */
async function register(node: AgencyNode, keys: readonly RegisteredKey[]): Promise<void> {
  const number = node.registry.current.number + 1;
  const note = bench.registry(number, keys);
  node.registry.offer(note);
  await node.registryCopy.keep(note, number);
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    if (tries > 300) throw new Error('it never came to be');
    await sleep(10);
  }
}

const append = (node: AgencyNode) =>
  node.log.append({ kind: 'admin', exchange: randomUUID(), from: OWN, to: OWN });
const signatures = ({ note }: { note: string }) =>
  note.split('\n').filter((line) => line.startsWith('— ')).length;
const signing = (node: AgencyNode) => node.log.signingKeys().current.publicKey.toString('base64url');
const keyEntries = async (node: AgencyNode) =>
  (await node.database.pool.query("select index from log_entry where kind = 'key'")).rows.length;
const fileOf = ({ publicKey }: OwnKey): string =>
  readdirSync(keyDir)
    .map((name) => join(keyDir, name))
    .find((path) => readFileSync(path, 'utf8').includes(publicKey))!;

/** The node looks again at once, whatever it had to do before: the registry is a new one. */
async function tended(node: AgencyNode, keys: readonly RegisteredKey[]): Promise<void> {
  await register(node, keys);
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
    await register(node, own().map(publicPart));
    await until(() => applied().some((name) => name.endsWith('closing.note')));
    await append(node);
    await register(node, own().map(publicPart));
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
    await register(node, [...known(), publicPart(third)]);
    await until(() => applied().some((name) => name.endsWith('closing.note')));
    expect([signing(node), await keyEntries(node)]).toEqual([third.publicKey, 2]);
    expect(signatures((await append(node)).checkpoint)).toBe(2);
    [second, third] = own() as [OwnKey, OwnKey];
    expect(third.fromSize).toBe(second.toSize! + 1);
    await register(node, [closed, second, third].map(publicPart));
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
