import { type Broker } from '#messaging';
import { inCallSpan } from '#observability';

/** The broker, with a producer span for every message that traced work sends: how long it was until the broker had it. */
export function tracedBroker(broker: Broker): Broker {
  return {
    createTopics: (specs) => broker.createTopics(specs),
    partitions: (topic) => broker.partitions(topic),
    publish: (topic, messages) =>
      inCallSpan(
        'producer',
        `send ${topic}`,
        {
          'messaging.operation.type': 'send',
          'messaging.destination.name': topic,
          'messaging.batch.message_count': messages.length,
        },
        () => broker.publish(topic, messages),
      ),
    subscribe: (source, handler) => broker.subscribe(source, handler),
    ...(broker.figures && { figures: () => broker.figures!() }),
    close: () => broker.close(),
  };
}
