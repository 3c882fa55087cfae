import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { closeErasure, erasePrivateLines, orderErasure } from '#evidence';
import { messageHeaders, topics } from '#messaging';
import { followDocuments, type AgencyNode } from './index.js';
import { LOG, useNode } from './node.fixture.js';

const province = useNode();

test('a registry that comes in force while a log is written is recorded there, once', async () => {
  const node = await province.open();
  const following = await followDocuments(node);
  expect(await recorded(node)).toEqual([1]); // by which it begins
  for (const again of [2, 2, 3]) await publish(province.registry(again));
  for (const started = Date.now(); node.log.health().size < 3; await sleep(5))
    expect(Date.now() - started).toBeLessThan(5_000);
  await following.close();
  expect(await recorded(node)).toEqual([1, 2, 3]);
});

test('a start under the registry that is recorded records nothing', async () => {
  const node = await start();
  expect(await recorded(node)).toEqual([1, 2, 3]);
});

test('a registry that was kept and not recorded, by a process that was killed or by another one, is recorded at the start', async () => {
  const killed = await province.open();
  await killed.registryCopy.keep(province.registry(4), 4);
  await province.close();
  expect(await recorded(await start())).toEqual([1, 2, 3, 4]);
});

test('other administrative acts do not hide what is recorded', async () => {
  const node = await province.open();
  const act = { kind: 'admin', exchange: randomUUID(), from: 'hrss-1', to: 'hrss-1' } as const;
  await node.log.append({ ...act, reason: 'private-lines-erased', private: { note: { registry: 99 } } });
  await province.close();
  expect(await recorded(await start())).toEqual([1, 2, 3, 4]);
});

test('a registry of which the entry does not tell the number any more is recorded again, once', async () => {
  let node = await start();
  const order = await orderErasure(node.database, LOG, new Date(Date.now() + 60_000));
  await erasePrivateLines(node.database, order);
  await closeErasure(node.database, order.id);
  await province.close();
  for (const again of ['first', 'second']) {
    node = await start();
    expect([again, await recorded(node)]).toEqual([again, [null, null, null, null, 4]]);
    await province.close();
  }
});

async function start(): Promise<AgencyNode> {
  const node = await province.open();
  await (await followDocuments(node)).close();
  return node;
}

/** Numbers of the registries that the log says were in force, in its order; null where the private line is erased. */
async function recorded({ database, origin }: AgencyNode): Promise<unknown[]> {
  const { rows } = await database.pool.query<{ note: { registry: number } | null }>(
    `select convert_from(private, 'UTF8')::jsonb -> 'note' as note from log_entry
      where origin = $1 and kind = 'admin' and convert_from(public, 'UTF8') like '%"reason":"registry-in-force"%'
      order by index`,
    [origin],
  );
  return rows.map(({ note }) => note && note.registry);
}

async function publish(note: string): Promise<void> {
  const headers = messageHeaders({ source: 'data-1', type: 'registry', subject: 'registry' });
  await province.bus.publish(topics.registry(), [{ key: 'registry', headers, value: Buffer.from(note) }]);
}
