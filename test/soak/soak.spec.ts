import { expect, jest, test } from '@jest/globals';
import { built } from '../support/apart.js';
import { markdownOf } from './report.js';
import { soak } from './soak.js';

jest.setTimeout(300_000);

test('twenty seconds without a fault add up, and say so', async () => {
  await built();
  const options = { minutes: 1 / 3, seed: 1, json: true, calm: true };
  const report = await soak(options, new AbortController().signal);
  expect(report).toMatchObject({
    ...{ valid: true, differences: [], interrupted: [], refusals: {}, retries: 0 },
    ...{ strikes: [], faults: {}, restarts: {}, answered: report.questions, seed: 1 },
  });
  expect(Object.keys(report.byKind).sort()).toEqual(['fund', 'registration', 'social']);
  expect(report.exchanges).toEqual({
    asked: report.questions,
    disclosed: report.questions,
    acknowledged: report.questions,
  });
  expect(report.reconciliation).toMatchObject({ exchanges: report.questions, difference: 0, pending: 0 });
  expect(markdownOf(report)).toMatch(/^# Soak of 0\.\d minutes: everything adds up\n/);
});

test('one that is told to end while it starts ends, and leaves nothing', async () => {
  const ending = new AbortController();
  const running = soak({ minutes: 1, seed: 1, json: true, calm: true }, ending.signal);
  ending.abort();
  await expect(running).rejects.toMatchObject({ problem: 'shutting-down' });
});
