import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type AgencyNode } from './index.js';
import { OWN, PEER, useNode } from './node.fixture.js';

const province = useNode();
const [first, second, third] = [1, 2, 3].map((number) => province.bundle(OWN, number)) as [
  string,
  string,
  string,
];
let node: AgencyNode;

beforeEach(async () => {
  node = await province.open();
});

describe('an older signed bundle that somebody put into the database', () => {
  test('is refused by a process that holds a newer one, and noted', async () => {
    await node.bundles.offer(OWN, second);
    await putBack(first, 1);
    await expect(node.bundles.refresh(OWN)).rejects.toMatchObject({ problem: 'bundle-rollback' });
    expect(node.bundles.active(OWN)?.number).toBe(2);
    expect(await noted()).toEqual([['bundle-rollback', OWN, 'database']]);
    await expect(node.bundles.offer(OWN, first)).rejects.toMatchObject({ problem: 'bundle-rollback' });
  });

  test('grants nothing to a process that starts, when the agency’s log knows of a newer one', async () => {
    await node.bundles.offer(OWN, second);
    await node.log.append({ kind: 'scheme', exchange: randomUUID(), from: OWN, to: OWN, bundle: 3 });
    await province.close();
    node = await province.open();
    expect([node.bundles.active(OWN), node.bundles.newest(OWN)]).toEqual([undefined, 3]);
    expect((await noted())[0]).toEqual(['bundle-rollback', OWN, 'database']);
    await expect(node.bundles.offer(OWN, second)).rejects.toMatchObject({ problem: 'bundle-rollback' });
    expect(await node.bundles.offer(OWN, third)).toBe(true);
    expect(node.bundles.active(OWN)?.number).toBe(3);
    await province.close();
    node = await province.open();
    expect(node.bundles.active(OWN)?.note).toBe(third);
  });
});

test('a bundle that is offered while the database is read is neither taken back nor called older', async () => {
  const [number, before] = [node.bundles.newest(OWN), await noted()];
  await node.bundles.offer(OWN, province.bundle(OWN, number + 1));
  await Promise.all([
    node.bundles.refresh(OWN),
    node.bundles.offer(OWN, province.bundle(OWN, number + 2)),
    node.bundles.refresh(OWN),
  ]);
  expect([node.bundles.active(OWN)?.number, await noted()]).toEqual([number + 2, before]);
});

test('another provider’s bundle is not held against the numbers of the own log', async () => {
  await node.bundles.offer(PEER, province.bundle(PEER, 1));
  await province.close();
  node = await province.open();
  expect(node.bundles.active(PEER)?.number).toBe(1);
});

async function putBack(note: string, number: number): Promise<void> {
  await node.database.pool.query('update active_bundle set note = $1, number = $2 where provider = $3', [
    ...[note, number, OWN],
  ]);
}

async function noted() {
  return (await node.security.newest(10)).map(({ code, claimed, topic }) => [code, claimed, topic]);
}
