import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { acceptLogKeyClosing, acceptRegistration, publicPart, type RegisteredKey } from '#registry';
import { noteSigner } from '#tlog';
import { type AgencyNode } from './index.js';
import { LOG, OWN, useNode } from './node.fixture.js';

const bench = useNode();
const NAMES = { next: 'hrss-1.adapter.0.next.note', closing: 'hrss-1.adapter.0.closing.note' };

const files = (): string[] => {
  const dir = join(bench.dir, OWN, 'registrations');
  return existsSync(dir) ? readdirSync(dir).filter((name) => name.startsWith('hrss-1.adapter')) : [];
};
const read = (name: string) => readFileSync(join(bench.dir, OWN, 'registrations', name), 'utf8');
const endorser = () => publicPart(bench.store(OWN).current('http-signature', Date.now())!);
const logKeys = () => bench.store(OWN).logKeys(LOG, Date.now()).map(publicPart);

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
const keyEntries = async (node: AgencyNode) =>
  (await node.database.pool.query("select index from log_entry where kind = 'key' order by index")).rows
    .length;
const signatures = ({ checkpoint }: { checkpoint: { note: string } }) =>
  checkpoint.note.split('\n').filter((line) => line.startsWith('— ')).length;

describe('the key of a log', () => {
  let registered: RegisteredKey[];
  let known: RegisteredKey[];

  test('stays while the province has not registered the next one, which is applied for', async () => {
    let node = await bench.open();
    await append(node);
    registered = logKeys();
    bench.store(OWN).nextLogKey(LOG, Date.now());
    await register(node, registered);
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
    await register(node, known);
    await until(() => files().includes(NAMES.closing));
    expect([files(), await keyEntries(node)]).toEqual([[NAMES.closing], 1]);
    const { size } = node.log.health();
    const { closed, next } = acceptLogKeyClosing(read(NAMES.closing), [endorser(), ...known]);
    expect([closed.toSize, next.fromSize]).toEqual([size, size + 1]);
    expect(logKeys()).toEqual([closed, next]);
    expect([signatures({ checkpoint: node.log.checkpoint() }), signatures(await append(node))]).toEqual([
      1, 2,
    ]);
  });

  test('is settled again after a kill: store and statement follow from the log', async () => {
    const [old, next] = bench.store(OWN).logKeys(LOG, Date.now());
    const size = old!.toSize!;
    bench.store(OWN).changeLogKey(old!, next!, 1); // as if the process had died before it could note the size
    const node = await bench.open();
    await until(() => files().includes(NAMES.closing) && logKeys()[0]!.toSize === size);
    const { closed } = acceptLogKeyClosing(read(NAMES.closing), [endorser(), ...known]);
    expect([closed.toSize, await keyEntries(node)]).toEqual([size, 1]);
    expect(signatures(await append(node))).toBe(2);
  });

  test('signs alone once the old one is closed, also after the next start', async () => {
    let node = await bench.open();
    const { closed, next } = acceptLogKeyClosing(read(NAMES.closing), [endorser(), ...known]);
    await register(node, [closed, next]);
    await until(() => files().length === 0);
    expect(signatures(await append(node))).toBe(1);
    await bench.close();
    node = await bench.open();
    expect(signatures(await append(node))).toBe(1);
    const stale = noteSigner(LOG, bench.store(OWN).logKeys(LOG, Date.now())[0]!.privateKey);
    expect(node.log.signingKeys().current.publicKey).not.toEqual(stale.publicKey);
  });
});
