import { beforeAll, describe, expect, test } from '@jest/globals';
import { createLogger, startTracing } from '#observability';
import { Collector, type CollectedSpan } from '../support/collector.js';
import { call, question, type Answer } from '../support/http.js';
import { ALL_MARKS, markSources } from '../support/marks.js';
import { useProvince } from '../support/use-province.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const ID = '990101198503120010';

/** What the provider does, as the requester's trace shows it. */
const ANSWERING = [
  'open question',
  'take exchange',
  'authorize',
  ['reserve quota', ['count quota']],
  'look up',
  'release',
  ['count none', ['add to none']],
  ['record disclosure', ['keep answers', 'commit log']],
  'seal reply',
  'send exchange.reply.housing-990100',
];

describe('the trace of a question', () => {
  const province = useProvince();
  let collector: Collector;
  let answer: Answer;
  let spans: CollectedSpan[];

  beforeAll(async () => {
    await markSources(province());
    collector = await Collector.start();
    const tracing = await startTracing({
      ...{ endpoint: collector.endpoint, agency: 'data-990000', role: 'province', ordinal: 0 },
      logger: createLogger('silent'),
    });
    const traceparent = `00-${TRACE}-00f067aa0ba902b7-01`;
    const asking = { agency: 'housing-990100', path: '/v1/queries/HR-SI-01', body: question() };
    answer = await call(province(), { ...asking, headers: { traceparent } });
    await call(province(), {
      ...asking,
      path: `/v1/queries/${ID}`,
      body: question({ operatorId: '标记甲名' }),
    });
    await tracing.shutdown();
    await collector.close();
    spans = collector.spans.filter(({ traceId }) => traceId === TRACE);
  }, 30_000);

  /** The steps below a span, each with the steps below it; statements apart, because drivers add some of their own. */
  function steps({ spanId }: CollectedSpan): unknown[] {
    return children(spanId)
      .filter(({ kind }) => kind !== 3)
      .map((span) => {
        const below = steps(span);
        return below.length > 0 ? [span.name, below] : span.name;
      });
  }
  const children = (of: string): CollectedSpan[] =>
    spans.filter(({ parentSpanId }) => parentSpanId === of).sort((a, b) => before(a) - before(b));
  const before = (span: CollectedSpan): number =>
    Number((span as { startTimeUnixNano?: string }).startTimeUnixNano);
  const statements = (step: string): string[] =>
    spans.filter(({ name }) => name === step).flatMap(({ spanId }) => below(spanId).map(({ name }) => name));
  const below = (spanId: string): CollectedSpan[] =>
    children(spanId).flatMap((span) => (span.kind === 3 ? [span] : below(span.spanId)));

  test('is one, from the request over both agencies to the response', () => {
    expect(answer.status).toBe(200);
    const roots = spans.filter(({ parentSpanId }) => parentSpanId === '00f067aa0ba902b7');
    expect(roots.map(({ name, kind }) => [name, kind])).toEqual([['POST /v1/queries/:code', 2]]);
    expect(steps(roots[0]!)).toEqual([
      'identify',
      'validate',
      'claim call',
      'authorize',
      [
        'exchange',
        [
          'smooth',
          ['record intent', ['commit log']],
          [
            'ask',
            [
              'send exchange.request.hrss-990000',
              ['process exchange.request.hrss-990000', ANSWERING],
              'verify reply',
            ],
          ],
          'validate reply',
          ['record outcome', ['commit log']],
        ],
      ],
      'keep answer of call',
    ]);
  });

  test('shows what each step waited for in PostgreSQL', () => {
    const append = ['evidence-append', 'evidence-subjects'];
    expect(statements('identify')).toEqual(['signature-seen']);
    expect(statements('record intent')).toEqual(['BEGIN', 'evidence-earlier', ...append, 'COMMIT']);
    expect(statements('look up')).toEqual(['view-0']);
    expect(statements('record disclosure')).toEqual([
      ...['kept-answers-keep', 'BEGIN', 'evidence-earlier', 'evidence-bundles', 'evidence-peer-places'],
      ...[...append, 'evidence-peer-entries', 'COMMIT'],
    ]);
  });

  test('names the exchange, and of it only ids and codes', () => {
    const { exchange } = (answer.body['exchanges'] as { exchange: string }[])[0]!;
    const naming = spans.filter(({ attributes }) => attributes['exchange'] === exchange);
    expect(naming.map(({ name }) => name).sort()).toEqual([
      'exchange',
      'process exchange.request.hrss-990000',
    ]);
    const keys = new Set(collector.spans.flatMap(({ attributes }) => Object.keys(attributes)));
    expect([...keys].filter((key) => !key.startsWith('db.')).sort()).toEqual([
      ...['call', 'code', 'count', 'exchange'],
      ...['http.request.method', 'http.response.status_code', 'http.route'],
      ...['messaging.batch.message_count', 'messaging.destination.name', 'messaging.operation.type'],
      ...['problem', 'query', 'to'],
    ]);
    expect([...keys].filter((key) => key.startsWith('db.')).sort()).toEqual([
      ...['db.client.connection.pool.name', 'db.collection.name', 'db.operation.name', 'db.system.name'],
    ]);
  });

  test('holds nothing of a person, of what was asked or answered', () => {
    const bytes = Buffer.concat(collector.bodies).toString('utf8');
    const values = [ID, ID.slice(0, 10), 'officer-0117', 'TC-2026-01', ...ALL_MARKS];
    expect(JSON.stringify(answer.body)).toContain('标记');
    expect(values.filter((value) => bytes.includes(value))).toEqual([]);
  });
});
