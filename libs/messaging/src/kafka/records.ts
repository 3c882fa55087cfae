import { type IHeaders, type KafkaMessage, type Message } from 'kafkajs';
import { type Delivery, type OutgoingMessage } from '../broker.js';

/** A copy of the message as kafkajs takes it. */
export function recordOf({ key, headers, value }: OutgoingMessage, partition: number): Message {
  return { key, headers: { ...headers }, value: Buffer.from(value), partition };
}

/** A copy of the record: it does not hold on to the megabyte that it was fetched in, and may come again unchanged. */
export function deliveryOf(topic: string, partition: number, message: KafkaMessage): Delivery {
  return {
    topic,
    partition,
    offset: message.offset,
    key: message.key === null ? '' : message.key.toString(),
    headers: headersOf(message.headers),
    value: message.value === null ? new Uint8Array(0) : new Uint8Array(message.value),
  };
}

/** Text as sent. A header that a stranger repeats arrives joined, so that no reader takes one of them for the whole. */
function headersOf(headers: IHeaders | undefined): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    texts[name] = Array.isArray(value) ? value.join(',') : (value?.toString() ?? '');
  }
  return texts;
}
