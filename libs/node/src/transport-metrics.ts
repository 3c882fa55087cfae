import { type Broker, type ExchangeClient, type ExchangeServer, type ReaderFigures } from '#messaging';
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

/** How this process reads from the brokers and writes to them. The label `topic` has the few topics that it reads. */
export function observeBroker(metrics: Metrics, broker: Broker): void {
  if (!broker.figures) return;
  const figures = () => broker.figures!();
  observeReaders(metrics, () => figures().readers);
  metrics.counter(
    'transport_records_sent_total',
    'Records handed to the brokers by what became of them: taken, or failed',
    ['result'],
    (counter) => {
      const { sent, failed } = figures();
      counter.inc({ result: 'taken' }, sent);
      counter.inc({ result: 'failed' }, failed);
    },
  );
}

function observeReaders(metrics: Metrics, readers: () => readonly ReaderFigures[]): void {
  metrics.gauge(
    'transport_lag_records',
    'Records of a topic that this process has not taken yet, as of its last fetch',
    ['topic'],
    (gauge) => {
      for (const { topic, lag } of readers()) gauge.set({ topic }, lag);
    },
  );
  metrics.gauge(
    'transport_standstill_seconds',
    'How long the record that a handler has in hand has been that, of the partition where it is longest; 0: none waits',
    ['topic'],
    (gauge) => {
      for (const { topic, standstillMs } of readers()) gauge.set({ topic }, standstillMs / 1_000);
    },
  );
  metrics.gauge(
    'transport_silent_seconds',
    'How long ago the brokers last answered the reader of a topic',
    ['topic'],
    (gauge) => {
      for (const { topic, silentMs } of readers()) gauge.set({ topic }, silentMs / 1_000);
    },
  );
  metrics.counter(
    'transport_reader_restarts_total',
    'How often the reader of a topic was begun anew',
    ['topic'],
    (counter) => {
      for (const { topic, restarts } of readers()) counter.inc({ topic }, restarts);
    },
  );
  metrics.counter(
    'transport_places_lost_total',
    'How often the place where a reader stood was gone from its topic',
    ['topic'],
    (counter) => {
      for (const { topic, placesLost } of readers()) counter.inc({ topic }, placesLost);
    },
  );
}
