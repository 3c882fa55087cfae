import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type RunningHttp } from '#http';
import { Metrics } from '#observability';
import { PROVIDER, useInstances } from './instances.fixture.js';
import { serveOperations } from './operations.js';

const instances = useInstances();
const TOKEN = 'collector-of-the-province';
const opened: RunningHttp[] = [];
let url: (token?: string) => Promise<string>;

beforeEach(async () => {
  const { parts } = await instances.open(0);
  const metrics = new Metrics({ agency: PROVIDER, role: 'adapter', ordinal: '0' });
  metrics.gauge('questions', 'of a test').set(1);
  url = async (token) => {
    const http = await serveOperations(parts, metrics, { host: '127.0.0.1', port: 0 }, token);
    opened.push(http);
    return `${http.url}/metrics`;
  };
});
afterEach(async () => {
  for (const http of opened.splice(0)) await http.close();
});

const read = async (from: string, authorization?: string): Promise<[number, unknown]> => {
  const response = await fetch(from, { headers: authorization === undefined ? {} : { authorization } });
  const text = await response.text();
  return [response.status, response.ok ? text.includes('role="adapter"') : JSON.parse(text)];
};
const REFUSED = [403, expect.objectContaining({ code: 4037 })];

describe('the metrics of an adapter', () => {
  test('are for who holds its token, and for nobody else', async () => {
    const from = await url(TOKEN);
    expect(await read(from, `Bearer ${TOKEN}`)).toEqual([200, true]);
    for (const wrong of [undefined, 'Bearer', `Bearer ${TOKEN}x`, `bearer ${TOKEN}`, TOKEN])
      expect(await read(from, wrong)).toEqual(REFUSED);
  });

  test('are for nobody without a token of its own', async () => {
    const from = await url();
    for (const wrong of [undefined, 'Bearer', 'Bearer undefined'])
      expect(await read(from, wrong)).toEqual(REFUSED);
  });
});
