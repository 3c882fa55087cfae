import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { type Problem } from '#problem';
import { bodies, broker, eventually, message, mortal, text, topic, useKafka } from './kafka.fixture.js';

useKafka();

describe('a reply partition', () => {
  test('is refused to a second instance, and the first one misses nothing while it is asked', async () => {
    const name = await topic();
    const [first, second] = [await broker(), await broker()];
    const seen: string[] = [];
    await first.subscribe({ topic: name, partition: 0 }, (delivery) => void seen.push(text(delivery)));
    let sent = 0;
    let sending = true;
    const load = (async () => {
      for (; sending; await sleep(2)) await first.publish(name, [message(String(sent++))]);
    })();
    const begun = Date.now();
    await expect(second.subscribe({ topic: name, partition: 0 }, () => undefined)).rejects.toMatchObject({
      problem: 'partition-taken',
      field: name,
      detail: 'partition 0 is read by another instance',
    });
    expect(Date.now() - begun).toBeLessThan(2_500);
    await sleep(300);
    sending = false;
    await load;
    await eventually(() => seen.length >= sent);
    expect(seen).toEqual(bodies(0, sent));
  });

  test('of an instance killed without goodbye is given within four seconds; the dead one, back, learns that it lost it', async () => {
    const name = await topic();
    const { socketFactory, die, revive } = mortal();
    const fatal: Problem[] = [];
    const victim = await broker({ socketFactory, onFatal: (problem) => void fatal.push(problem) });
    const stale: string[] = [];
    await victim.subscribe({ topic: name, partition: 0 }, (delivery) => void stale.push(text(delivery)));
    die();
    const begun = Date.now();
    const heir = await broker();
    const seen: string[] = [];
    await heir.subscribe({ topic: name, partition: 0 }, (delivery) => void seen.push(text(delivery)));
    expect(Date.now() - begun).toBeLessThan(4_000);
    revive();
    await eventually(() => fatal.length === 1, 10_000);
    expect(fatal[0]).toMatchObject({ problem: 'partition-taken', field: name });
    await heir.publish(name, [message('mine')]);
    await eventually(() => seen.length === 1);
    expect(stale).toEqual([]);
  });

  test('taken by two instances at the same moment goes to one of them', async () => {
    const name = await topic();
    const both = [await broker(), await broker()];
    const asked = await Promise.allSettled(
      both.map((each) => each.subscribe({ topic: name, partition: 0 }, () => undefined)),
    );
    expect(asked.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});
