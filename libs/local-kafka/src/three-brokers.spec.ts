import { describe, expect, test } from '@jest/globals';
import { leaderOf, makeTopic, read, send, useKafka } from './kafka.fixture.js';

/** More than a dead leader is waited for. */
const PATIENT = 15;

describe('three brokers', () => {
  const kafka = useKafka({ brokers: 3 });

  test('go on when the leader is killed, lose nothing, and take it back', async () => {
    const connection = kafka().connection();
    await makeTopic(connection, 'replicated');
    await send(connection, 'replicated', ['before']);
    const leader = await leaderOf(connection, 'replicated');
    await kafka().kill(leader);
    await send(connection, 'replicated', ['without the leader'], PATIENT);
    expect(await leaderOf(connection, 'replicated')).not.toBe(leader);
    await kafka().start(leader);
    expect(kafka().pid(leader)).toBeGreaterThan(0);
    expect(await read(connection, 'replicated', 'group', 2)).toEqual(['before', 'without the leader']);
  });

  test('all gone, and started together again, have every record', async () => {
    const ids = [1, 2, 3];
    await Promise.all(ids.map((id) => kafka().kill(id)));
    await Promise.all(ids.map((id) => kafka().start(id)));
    const texts = await read(kafka().connection(), 'replicated', 'another-group', 2);
    expect(texts).toEqual(['before', 'without the leader']);
  });
});
