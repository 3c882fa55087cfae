import { type ExchangeClient, type ExchangeServer } from '#messaging';
import { type Metrics } from '#observability';

/** What became of the messages that this process took, or of the questions that it asked. */
export function observeTransport(
  metrics: Metrics,
  { server, client }: { server?: ExchangeServer; client?: ExchangeClient },
): void {
  metrics.counter(
    'transport_messages_total',
    'Messages by direction (in: taken and answered, out: asked) and what became of them',
    ['direction', 'result'],
    (counter) => {
      for (const [result, n] of Object.entries<number>({ ...server?.counts }))
        counter.inc({ direction: 'in', result }, n);
      for (const [result, n] of Object.entries<number>({ ...client?.counts }))
        counter.inc({ direction: 'out', result }, n);
    },
  );
  metrics.gauge(
    'transport_inflight',
    'Messages in work here, and questions without an answer',
    ['direction'],
    (gauge) => {
      if (server) gauge.set({ direction: 'in' }, server.inFlight);
      if (client) gauge.set({ direction: 'out' }, client.pending);
    },
  );
}
