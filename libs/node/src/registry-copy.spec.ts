import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { messageHeaders, topics } from '#messaging';
import { followRegistry, type AgencyNode } from './index.js';
import { useNode } from './node.fixture.js';

const province = useNode();

test('a registry that could not be kept when it arrived is kept when it is delivered again', async () => {
  const node = await province.open();
  const following = await followRegistry(node);
  await node.database.pool.query('alter table registry_copy rename to registry_copy_away');
  await publish(province.registry(2));
  for (const started = Date.now(); node.registry.current.number < 2; await sleep(5))
    expect(Date.now() - started).toBeLessThan(5_000);
  await node.database.pool.query('alter table registry_copy_away rename to registry_copy');
  for (const started = Date.now(); (await kept(node)) !== province.registry(2); await sleep(20))
    expect(Date.now() - started).toBeLessThan(10_000);
  await following.close();
}, 20_000);

test('a copy is never replaced by an older one, whoever comes last', async () => {
  const node = await province.open();
  await node.registryCopy.keep(province.registry(4), 4);
  await node.registryCopy.keep(province.registry(3), 3);
  expect(await kept(node)).toBe(province.registry(4));
});

async function publish(note: string): Promise<void> {
  const headers = messageHeaders({ source: 'data-1', type: 'registry', subject: 'registry' });
  await province.bus.publish(topics.registry(), [{ key: 'registry', headers, value: Buffer.from(note) }]);
}

async function kept({ database }: AgencyNode): Promise<string | undefined> {
  const { rows } = await database.pool.query<{ note: string }>('select note from registry_copy');
  return rows[0]?.note;
}
