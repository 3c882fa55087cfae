import { work } from '../../stage/worker.js';
import { consumeAsGroup, kafkaOf } from '../kafka.js';
import { TurnSender } from '../turn-sender.js';
import { REPLIES, REQUESTS, type EchoSettings } from './protocol.js';

/** Sends back what it gets: no signature, no seal, no row. */
await work(async ({ brokers }: EchoSettings) => {
  const kafka = kafkaOf(brokers, 'bench-echo-server');
  const producer = kafka.producer();
  await producer.connect();
  const replies = new TurnSender(producer, REPLIES);
  const consumer = await consumeAsGroup(kafka, 'bench.echo', REQUESTS, ({ batch }) => {
    for (const { key, value } of batch.messages) replies.send({ key, value });
    return Promise.resolve();
  });
  return {
    close: async () => {
      await consumer.disconnect();
      await producer.disconnect();
    },
  };
});
