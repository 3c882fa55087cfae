import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Problem } from '#problem';
import { Collector, type CollectedSpan } from '../../../test/support/collector.js';
import {
  boundToSpan,
  captureSpan,
  createLogger,
  currentTraceparent,
  inCallSpan,
  inEntrySpan,
  inSharedSpan,
  inSpan,
  outsideSpans,
  startTracing,
  type SpanFields,
  type Tracing,
} from './index.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SAMPLED = `00-${TRACE}-00f067aa0ba902b7-01`;

let collector: Collector;
let tracing: Tracing | undefined;
let lines: string[];

beforeEach(async () => {
  collector = await Collector.start();
  lines = [];
});

afterEach(async () => {
  await tracing?.shutdown();
  tracing = undefined;
  await collector.close();
});

const logger = () => createLogger('debug', { write: (line: string) => void lines.push(line) });

async function trace(sampling?: number): Promise<void> {
  tracing = await startTracing({
    ...{ endpoint: collector.endpoint, agency: 'hrss-990000', role: 'adapter', ordinal: 0, logger: logger() },
    ...(sampling !== undefined && { sampling }),
  });
}

async function exported(): Promise<CollectedSpan[]> {
  await tracing!.shutdown();
  tracing = undefined;
  return collector.spans;
}

/** `name < parent's name`, in the order of names. */
function tree(spans: readonly CollectedSpan[]): string[] {
  const names = new Map(spans.map(({ spanId, name }) => [spanId, name]));
  return spans
    .map(
      ({ name, parentSpanId }) => `${name} < ${parentSpanId ? (names.get(parentSpanId) ?? 'sender') : '-'}`,
    )
    .sort();
}

describe('a trace', () => {
  test('is not there until tracing is started, and the work is done all the same', async () => {
    expect(inEntrySpan('question', {}, SAMPLED, () => inSpan('step', {}, () => currentTraceparent()))).toBe(
      undefined,
    );
    await expect(inSpan('step', {}, () => Promise.reject(new Problem('burst')))).rejects.toThrow('burst');
    expect(collector.bodies).toEqual([]);
  });

  test('begins with what came from outside, and has its steps and calls below', async () => {
    await trace();
    await inEntrySpan('question', { query: 'HR-SI-01@1' }, SAMPLED, async () => {
      await turn();
      await inSpan('step', {}, async () => {
        await turn();
        await inCallSpan('client', 'SELECT ac01', {}, () => turn());
      });
    });
    const spans = await exported();
    expect(tree(spans)).toEqual(['SELECT ac01 < step', 'question < sender', 'step < question']);
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]));
    expect(collector.resources[0]).toMatchObject({
      'service.name': 'exchange-gateway-adapter',
      'service.namespace': 'hrss-990000',
      'service.instance.id': 'hrss-990000/adapter/0',
    });
  });

  test('is not made by work in the background', async () => {
    await trace();
    await inSpan('step', {}, () => inCallSpan('client', 'SELECT x', {}, () => turn()));
    expect(await exported()).toEqual([]);
  });

  test('does not hold what goes on after its end', async () => {
    await trace();
    let later: Promise<unknown> | undefined;
    inEntrySpan('question', {}, undefined, () => {
      later = turn().then(() => inSpan('afterwards', {}, () => 1));
      outsideSpans(() => inSpan('background', {}, () => 1));
    });
    await later;
    expect((await exported()).map(({ name }) => name)).toEqual(['question']);
  });

  test.each([
    '',
    '00-0-0-01',
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `${SAMPLED}; drop table`,
    'x'.repeat(9_999),
  ])('begins anew under a traceparent that is none: %.20s', async (traceparent) => {
    await trace();
    inEntrySpan('question', {}, traceparent, () => 1);
    const [span] = await exported();
    expect(span).toMatchObject({ name: 'question' });
    expect([span!.parentSpanId ?? '', span!.traceId === TRACE]).toEqual(['', false]);
  });

  test('is left out where its sender left it out, and is told onwards as left out', async () => {
    await trace();
    const onwards = inEntrySpan('question', {}, SAMPLED.replace(/01$/, '00'), () => currentTraceparent());
    expect(onwards).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
    expect(await exported()).toEqual([]);
  });

  test('is not forced on a process by its sender', async () => {
    await trace(0);
    inEntrySpan('question', {}, SAMPLED, () => 1);
    expect(await exported()).toEqual([]);
  });

  test('goes with a callback that a queue calls', async () => {
    await trace();
    const queue: (() => void)[] = [];
    inEntrySpan('first', {}, undefined, () => {
      queue.push(boundToSpan(() => void lines.push(currentTraceparent()!)));
      lines.push(currentTraceparent()!);
    });
    inEntrySpan('second', {}, undefined, () => queue[0]!());
    expect(lines[1]).toBe(lines[0]);
  });

  test('has the work of a group once, with links to the others of the group', async () => {
    await trace();
    const callers: ReturnType<typeof captureSpan>[] = [undefined];
    let commit: (() => void) | undefined;
    const committed = new Promise<void>((done) => (commit = done));
    const asking = ['first', 'second'].map((name) =>
      inEntrySpan(name, {}, undefined, () => {
        callers.push(captureSpan());
        return committed;
      }),
    );
    inSharedSpan('commit', callers, () => inCallSpan('client', 'COMMIT', {}, () => commit!()));
    await Promise.all(asking);
    const spans = await exported();
    const [shared, second] = ['commit', 'second'].map((name) => spans.find((span) => span.name === name)!);
    expect(tree(spans)).toEqual(['COMMIT < commit', 'commit < first', 'first < -', 'second < -']);
    expect(shared!.attributes).toEqual({ count: 3 });
    expect(shared!.links).toMatchObject([{ traceId: second!.traceId, spanId: second!.spanId }]);
  });
});

describe('a span', () => {
  test('holds what a log line may, and nothing that may be a person', async () => {
    await trace();
    const sneaky = {
      exchange: 'e-1',
      idNumber: 'x',
      'db.query.text': "name = '张'",
      origin: '990101198503120010',
    };
    inEntrySpan('select 990101198503120010', sneaky as SpanFields, undefined, () => 1);
    const [span] = await exported();
    expect(span).toMatchObject({ name: '[dropped]', attributes: { exchange: 'e-1', origin: '[dropped]' } });
    expect(Object.keys(span!.attributes)).toEqual(['exchange', 'origin']);
  });

  test('tells of an error its problem, and nothing of its message', async () => {
    await trace();
    const error = new Error('duplicate key (id)=(990101198503120010)');
    const fail = inEntrySpan('a', {}, undefined, async () => {
      await turn();
      throw error;
    });
    await expect(fail).rejects.toBe(error);
    expect(() =>
      inEntrySpan('b', {}, undefined, () => {
        throw new Problem('day-quota', { detail: '张测试' });
      }),
    ).toThrow();
    const spans = await exported();
    expect(spans.map(({ name, status, events }) => ({ name, status, events }))).toEqual([
      { name: 'a', status: { code: 2, message: 'internal' }, events: [] },
      { name: 'b', status: { code: 2, message: 'day-quota' }, events: [] },
    ]);
    expect(Buffer.concat(collector.bodies).toString()).not.toMatch(/9901011985|张测试|duplicate/);
  });

  test('is named in the log lines written in it', async () => {
    await trace();
    const log = logger();
    inEntrySpan('a', {}, SAMPLED, () => log.info('inside', { code: 1 }));
    log.info('outside');
    expect(lines.map((line) => (JSON.parse(line) as { trace?: string }).trace)).toEqual([TRACE, undefined]);
  });
});

test('a collector that refuses is told of in the log, without its words or address', async () => {
  await trace();
  collector.status = 400;
  inEntrySpan('a', {}, undefined, () => 1);
  await exported();
  expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
    { level: 40, time: expect.any(String) as unknown, msg: 'spans not sent' },
  ]);
});
