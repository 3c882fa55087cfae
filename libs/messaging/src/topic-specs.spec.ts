import { describe, expect, test } from '@jest/globals';
import { LONGEST_DEADLINE_MS, provinceTopics } from './index.js';

describe('the topics of a province', () => {
  const specs = provinceTopics({ providers: ['hrss', 'fund-a'], requesters: ['housing'] });

  test('are one per provider and requester, the shared ones, and a dead letter wherever a server reads', () => {
    expect(specs.map(({ name, partitions, cleanup }) => `${name} ${partitions} ${cleanup}`)).toEqual([
      'exchange.request.hrss 12 delete',
      'exchange.request.fund-a 12 delete',
      'log.tail 8 delete',
      'sharing.bundle 1 compact',
      'registry 1 compact',
      'exchange.reply.housing 32 delete',
      'exchange.request.hrss.dead 1 delete',
      'exchange.request.fund-a.dead 1 delete',
      'log.tail.dead 1 delete',
      'sharing.bundle.dead 1 delete',
      'registry.dead 1 delete',
    ]);
  });

  test('keep a question and its reply for longer than the longest deadline', () => {
    const exchange = specs.filter(({ name }) => name.startsWith('exchange.') && !name.endsWith('.dead'));
    for (const { retentionMs } of exchange) expect(retentionMs).toBeGreaterThan(LONGEST_DEADLINE_MS);
  });
});
