import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Appended } from '#evidence';
import { type OwnKey, type RegisteredKey } from '#registry';
import { type AgencyNode } from './index.js';
import { LOG, OWN, type TestNode } from './node.fixture.js';

/** The province registers these log keys, and the registry reaches the node, which keeps it. */
export async function register(
  bench: TestNode,
  node: AgencyNode,
  keys: readonly RegisteredKey[],
): Promise<void> {
  const number = node.registry.current.number + 1;
  const note = bench.registry(number, keys);
  node.registry.offer(note);
  await node.registryCopy.keep(note, number);
}

/** All keys of the node's log, as its store has them now. */
export function ownLogKeys(bench: TestNode): OwnKey[] {
  return bench.store(OWN).logKeys(LOG, Date.now());
}

/** Documents of the log's keys that wait to be brought to the province. */
export function documents(bench: TestNode): string[] {
  const dir = join(bench.dir, OWN, 'registrations');
  return existsSync(dir) ? readdirSync(dir).filter((name) => name.startsWith('hrss-1.adapter')) : [];
}

export async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    if (tries > 300) throw new Error('it never came to be');
    await sleep(10);
  }
}

export function append(node: AgencyNode): Promise<Appended> {
  return node.log.append({ kind: 'admin', exchange: randomUUID(), from: OWN, to: OWN });
}

/** How many `key` entries the log has. */
export async function keyEntries({ database }: AgencyNode): Promise<number> {
  return (await database.pool.query("select from log_entry where kind = 'key'")).rowCount!;
}

/** How many keys signed a note. */
export function signatures({ note }: { note: string }): number {
  return note.split('\n').filter((line) => line.startsWith('— ')).length;
}
