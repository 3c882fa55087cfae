import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { acceptLogKeyClosing, acceptRegistration, publicPart, type RegisteredKey } from '#registry';
import { noteSigner } from '#tlog';
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
const NAMES = { next: 'hrss-1.adapter.0.next.note', closing: 'hrss-1.adapter.0.closing.note' };

const files = () => documents(bench);
const read = (name: string) => readFileSync(join(bench.dir, OWN, 'registrations', name), 'utf8');
const endorser = () => publicPart(bench.store(OWN).current('http-signature', Date.now())!);
const logKeys = () => ownLogKeys(bench).map(publicPart);

describe('the key of a log', () => {
  let registered: RegisteredKey[];
  let known: RegisteredKey[];

  test('stays while the province has not registered the next one, which is applied for', async () => {
    let node = await bench.open();
    await append(node);
    registered = logKeys();
    bench.store(OWN).nextLogKey(LOG, Date.now());
    await register(bench, node, registered);
    await until(() => files().length > 0);
    expect(files()).toEqual([NAMES.next]);
    await bench.close();
    node = await bench.open();
    await append(node);
    expect([await keyEntries(node), node.log.signingKeys().before]).toEqual([0, undefined]);
  });

  test('changes when a registry has the next one, and the statement that closes the old one is written', async () => {
    const node = await bench.open();
    known = [...registered, acceptRegistration(read(NAMES.next), [endorser()])];
    await register(bench, node, known);
    await until(() => files().includes(NAMES.closing));
    expect([files(), await keyEntries(node)]).toEqual([[NAMES.closing], 1]);
    const { size } = node.log.health();
    const { closed, next } = acceptLogKeyClosing(read(NAMES.closing), [endorser(), ...known]);
    expect([closed.toSize, next.fromSize]).toEqual([size, size + 1]);
    expect(logKeys()).toEqual([closed, next]);
    expect([signatures(node.log.checkpoint()), signatures((await append(node)).checkpoint)]).toEqual([1, 2]);
  });

  test('is settled again after a kill: store and statement follow from the log', async () => {
    const [old, next] = bench.store(OWN).logKeys(LOG, Date.now());
    const size = old!.toSize!;
    bench.store(OWN).changeLogKey(old!, next!, 1); // as if the process had died before it could note the size
    const node = await bench.open();
    await until(() => files().includes(NAMES.closing) && logKeys()[0]!.toSize === size);
    const { closed } = acceptLogKeyClosing(read(NAMES.closing), [endorser(), ...known]);
    expect([closed.toSize, await keyEntries(node)]).toEqual([size, 1]);
    expect(signatures((await append(node)).checkpoint)).toBe(2);
  });

  test('signs alone once the old one is closed, also after the next start', async () => {
    let node = await bench.open();
    const { closed, next } = acceptLogKeyClosing(read(NAMES.closing), [endorser(), ...known]);
    await register(bench, node, [closed, next]);
    await until(() => files().length === 0);
    expect(signatures((await append(node)).checkpoint)).toBe(1);
    await bench.close();
    node = await bench.open();
    expect(signatures((await append(node)).checkpoint)).toBe(1);
    const stale = noteSigner(LOG, bench.store(OWN).logKeys(LOG, Date.now())[0]!.privateKey);
    expect(node.log.signingKeys().current.publicKey).not.toEqual(stale.publicKey);
  });
});
