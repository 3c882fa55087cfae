import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLogger, inEntrySpan, startTracing, type Tracing } from '#observability';
import { useDatabase } from '#testing';
import { Collector, type CollectedSpan } from '../../../test/support/collector.js';
import { withTransaction } from './index.js';

describe('a traced statement', () => {
  const database = useDatabase([{ name: 'note', up: 'create table note (text text unique)' }], {
    poolSize: 2,
  });
  let collector: Collector;
  let tracing: Tracing;
  beforeAll(async () => {
    collector = await Collector.start();
    const logger = createLogger('silent');
    const { endpoint } = collector;
    tracing = await startTracing({ endpoint, agency: 'a', role: 'gateway', ordinal: 0, logger });
    await work();
    await tracing.shutdown();
  });
  afterAll(() => collector.close());

  async function work(): Promise<void> {
    const { pool } = database();
    await pool.query('select text from note');
    await inEntrySpan('reading', {}, undefined, () =>
      pool.query('select text from note where text = $1', ['marked']),
    );
    await inEntrySpan('named', {}, undefined, () =>
      pool.query({ name: 'all-notes', text: 'select text from note' }),
    );
    await inEntrySpan('writing', {}, undefined, () =>
      withTransaction(pool, (client) => client.query("insert into note values ('marked')")),
    );
    const twice = inEntrySpan('failing', {}, undefined, () =>
      pool.query("insert into note values ('marked')"),
    );
    await expect(twice).rejects.toMatchObject({ code: '23505' });
    // More than there are connections: most wait, and get theirs out of the work of somebody else.
    await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        inEntrySpan(`crowd ${i}`, {}, undefined, () => pool.query('select count(*) from note')),
      ),
    );
  }

  const named = (name: string): CollectedSpan => collector.spans.find((span) => span.name === name)!;
  const below = (name: string): CollectedSpan[] =>
    collector.spans.filter(({ parentSpanId }) => parentSpanId === named(name).spanId);

  test('has a span with its operation and table, below the work that it is part of', () => {
    expect(below('reading')).toMatchObject([
      {
        name: 'SELECT note',
        kind: 3,
        attributes: {
          'db.system.name': 'postgresql',
          'db.operation.name': 'SELECT',
          'db.collection.name': 'note',
          'db.client.connection.pool.name': 'spec',
        },
      },
    ]);
    expect(below('named').map(({ name }) => name)).toEqual(['all-notes']);
  });

  test('is one of its transaction, whose commit is seen', () => {
    expect(below('writing').map(({ name }) => name)).toEqual(['BEGIN', 'INSERT note', 'COMMIT']);
  });

  test('tells by its SQLSTATE that it failed', () => {
    expect(below('failing')).toMatchObject([
      {
        name: 'INSERT note',
        status: { code: 2, message: 'internal' },
        attributes: { 'db.response.status_code': '23505' },
      },
    ]);
  });

  test('is below its own work also when it waited for a connection', () => {
    const crowd = Array.from({ length: 12 }, (_, i) => below(`crowd ${i}`).map(({ name }) => name));
    expect(crowd).toEqual(Array.from({ length: 12 }, () => ['SELECT note']));
  });

  test('is not traced when nobody traces what it is part of', () => {
    const roots = collector.spans.filter(({ parentSpanId }) => !parentSpanId);
    expect(roots.filter(({ kind }) => kind === 3)).toEqual([]);
  });

  test('shows neither its text nor its values', () => {
    expect(Buffer.concat(collector.bodies).toString()).not.toMatch(/marked|values|where/);
  });
});
