import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { openPool } from '#database';
import { Problem } from '#problem';
import { useDatabase } from '#testing';
import { identityMigrations, ReplayGuard, WINDOW_MS } from './index.js';

const CREATED = Date.parse('2026-06-01T08:00:00.000Z');
const use = () => ({ sigHash: randomBytes(32), created: CREATED });

function outcome(promise: Promise<void>): Promise<string> {
  return promise.then(
    () => 'accepted',
    (error: unknown) => (error instanceof Problem ? error.problem : String(error)),
  );
}

describe('the replay guard', () => {
  const database = useDatabase(identityMigrations);
  const guard = () => new ReplayGuard({ pool: database().pool });

  test('refuses the second use, at once, later, at another instance and after a restart', async () => {
    const [one, other] = [guard(), guard()];
    const signature = use();
    const atOnce = await Promise.all(
      [one.use(signature), one.use(signature), other.use(signature)].map(outcome),
    );
    expect(atOnce.sort()).toEqual(['accepted', 'signature-replayed', 'signature-replayed']);
    expect(await outcome(one.use(signature))).toBe('signature-replayed');
    expect(await outcome(guard().use(signature))).toBe('signature-replayed');
  });

  test('lets each of many signatures through once, though several instances get all of them in different order', async () => {
    const signatures = Array.from({ length: 200 }, use);
    const instances = [guard(), guard(), guard()];
    const outcomes = await Promise.all(
      instances.flatMap((instance, i) =>
        [...signatures.slice(i * 50), ...signatures.slice(0, i * 50)].map((each) =>
          outcome(instance.use(each)),
        ),
      ),
    );
    const counted = Object.groupBy(outcomes, (each) => each);
    expect([counted.accepted?.length, counted['signature-replayed']?.length]).toEqual([200, 400]);
  });

  test('takes what comes in one turn in one statement', async () => {
    let statements = 0;
    const { pool } = database();
    const counting = {
      query: (...args: Parameters<typeof pool.query>) => (statements++, pool.query(...args)),
    };
    const counted = new ReplayGuard({ pool: counting as unknown as typeof pool });
    await Promise.all(Array.from({ length: 50 }, () => counted.use(use())));
    expect(statements).toBe(1);
  });

  test('remembers a signature longer than it can be used, and no longer than that', async () => {
    const signature = use();
    await guard().use(signature);
    await guard().sweep(CREATED + 2 * WINDOW_MS);
    expect(await outcome(guard().use(signature))).toBe('signature-replayed');
    expect(await guard().sweep(CREATED + 10 * WINDOW_MS)).toBeGreaterThan(0);
    expect(await outcome(guard().use(signature))).toBe('accepted');
  });

  test('lets nothing through when the database is down, and works again afterwards', async () => {
    const dead = openPool({ url: 'postgres://nobody:none@127.0.0.1:1/none', name: 'spec' });
    let pool = dead;
    const flaky = new ReplayGuard({
      pool: { query: (text: string) => pool.query(text) } as unknown as typeof dead,
    });
    const signatures = [use(), use()];
    const down = await Promise.all(signatures.map((each) => outcome(flaky.use(each))));
    pool = database().pool;
    const up = await Promise.all(signatures.map((each) => outcome(flaky.use(each))));
    await dead.end();
    expect([down, up]).toEqual([
      ['log-unavailable', 'log-unavailable'],
      ['accepted', 'accepted'],
    ]);
  });
});
