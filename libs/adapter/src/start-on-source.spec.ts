import { expect, test } from '@jest/globals';
import { loadContracts } from '#contracts';
import { InProcessBus } from '#messaging';
import { createLogger } from '#observability';
import { type SourceAdapterOptions, startOnSource } from './index.js';

/** Nobody listens on port 1: a node that cannot open its database. */
const optionsOf = (agency: string): SourceAdapterOptions => ({
  contracts: loadContracts(),
  broker: new InProcessBus(),
  logger: createLogger('silent'),
  sourceUrl: 'postgres://source',
  settings: {
    agency,
    ordinal: 0,
    databaseUrl: 'postgres://x:x@127.0.0.1:1/x',
    dir: '/nowhere',
    registryKey: '',
    registryNote: '',
    monitor: 'data-990000',
    synthetic: 'accept',
  },
});

test('an agency that is not in the contracts has no adapter, and its source stays shut', async () => {
  const opened: string[] = [];
  const starting = startOnSource(
    optionsOf('fund-990300'),
    (url) => {
      opened.push(url);
      return { close: () => Promise.resolve() };
    },
    () => [],
  );
  await expect(starting).rejects.toMatchObject({ problem: 'config-invalid' });
  expect(opened).toEqual([]);
});

test('a node that does not start closes the door to its source', async () => {
  const calls: string[] = [];
  const starting = startOnSource(
    optionsOf('fund-990200'),
    (url, { region }) => {
      calls.push(`open ${url} ${region}`);
      return { close: () => Promise.resolve(void calls.push('close')) };
    },
    () => [],
  );
  await expect(starting).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(calls).toEqual(['open postgres://source 990200', 'close']);
});
