import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { messageHeaders, topics } from '#messaging';
import { followDocuments, followRegistry, type AgencyNode } from './index.js';
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

test('a registry that comes in force while a log is written is recorded there, once', async () => {
  const node = await province.open();
  const following = await followDocuments(node);
  const number = node.registry.current.number + 1;
  for (const again of [number, number, number + 1]) await publish(province.registry(again));
  for (const started = Date.now(); node.log.health().size < 2; await sleep(5))
    expect(Date.now() - started).toBeLessThan(5_000);
  await following.close();
  const { rows } = await node.database.pool.query<{ public: Buffer; private: Buffer }>(
    'select public, private from log_entry order by index',
  );
  const read = (line: Buffer) => JSON.parse(line.toString()) as unknown;
  expect(rows.map(({ public: line, private: kept }) => [read(line), read(kept)])).toEqual(
    [number, number + 1].map((registry) => [
      expect.objectContaining({ kind: 'admin', reason: 'registry-in-force' }),
      expect.objectContaining({ note: { registry } }),
    ]),
  );
});

async function publish(note: string): Promise<void> {
  const headers = messageHeaders({ source: 'data-1', type: 'registry', subject: 'registry' });
  await province.bus.publish(topics.registry(), [{ key: 'registry', headers, value: Buffer.from(note) }]);
}

async function kept({ database }: AgencyNode): Promise<string | undefined> {
  const { rows } = await database.pool.query<{ note: string }>('select note from registry_copy');
  return rows[0]?.note;
}
