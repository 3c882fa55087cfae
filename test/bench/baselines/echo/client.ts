import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { work } from '../../stage/worker.js';
import { consumeFromNow, kafkaOf } from '../kafka.js';
import { TurnSender } from '../turn-sender.js';
import { REPLIES, REQUESTS, type EchoRun, type EchoSettings } from './protocol.js';

/** Asks the echo as fast as it answers, so many at a time. */
await work(async ({ brokers }: EchoSettings) => {
  const kafka = kafkaOf(brokers, 'bench-echo-client');
  const producer = kafka.producer();
  await producer.connect();
  const requests = new TurnSender(producer, REQUESTS);
  let onReply: (id: string) => void = () => undefined;
  const consumer = await consumeFromNow(kafka, REPLIES, ({ batch }) => {
    for (const { key } of batch.messages) onReply(key!.toString());
    return Promise.resolve();
  });

  const run = ({ inFlight, seconds, bytes }: EchoRun): Promise<{ answered: number; perSecond: number }> =>
    new Promise((resolve) => {
      const value = randomBytes(bytes);
      const pending = new Set<string>();
      let [asked, answered] = [0, 0];
      const begun = performance.now();
      const ask = (): void => {
        const id = `${begun}-${asked++}`;
        pending.add(id);
        requests.send({ key: id, value });
      };
      onReply = (id) => {
        if (!pending.delete(id)) return;
        const passed = (performance.now() - begun) / 1000;
        if (passed >= seconds) {
          onReply = () => undefined;
          return resolve({ answered, perSecond: answered / passed });
        }
        answered++;
        ask();
      };
      for (let n = 0; n < inFlight; n++) ask();
    });

  return {
    calls: { run },
    close: async () => {
      await consumer.disconnect();
      await producer.disconnect();
    },
  };
});
