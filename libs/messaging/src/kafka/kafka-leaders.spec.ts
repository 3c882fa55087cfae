import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { type Source, type TransportReport } from '../index.js';
import { broker, eventually, kafka, message, specOf, text, useKafka } from './kafka.fixture.js';

useKafka(3);

test('trap: a new leader that does not know yet how far the old one was is no topic made anew', async () => {
  const [name, partitions] = ['led', 3];
  const reports: TransportReport[] = [];
  const reader = await broker({ report: (report) => void reports.push(report) });
  const sender = await broker({ replication: 3 });
  await sender.createTopics([specOf(name, partitions)]);
  const sources: Source[] = [
    { topic: name, group: 'g' },
    { topic: name, partition: 1 },
    { topic: name, replay: true },
  ];
  const seen = sources.map(() => new Set<string>());
  for (const [at, source] of sources.entries())
    await reader.subscribe(source, (delivery) => void seen[at]!.add(text(delivery)));
  const acknowledged: { body: string; partition: number }[] = [];
  let sending = true;
  const load = (async () => {
    for (let number = 0; sending; number++, await sleep(3)) {
      const one = { body: String(number), partition: number % partitions };
      void sender.publish(name, [message(one.body, one.partition)]).then(
        () => acknowledged.push(one),
        () => undefined,
      );
    }
  })();
  for (const each of [1, 2]) {
    await sleep(1_500);
    await kafka.kill(each);
    await sleep(2_500);
    await kafka.start(each);
  }
  await sleep(1_000);
  sending = false;
  await load;
  await eventually(
    () =>
      acknowledged.every(
        ({ body, partition }) =>
          seen[0]!.has(body) && seen[2]!.has(body) && (partition !== 1 || seen[1]!.has(body)),
      ),
    30_000,
  );
  expect(acknowledged.length).toBeGreaterThan(500);
  expect([...new Set(reports.map(({ step }) => step))].filter((step) => step !== 'reader-restart')).toEqual(
    [],
  );
}, 180_000);
