import { createServer } from 'node:net';
import { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Problem } from '#problem';
import { person, selfSigned, useRedirect } from '#testing';
import {
  type Asking,
  ExchangeGatewayClient,
  GatewayError,
  type Attempt,
  type ClientOptions,
} from './index.js';
import { json, key, refuse, startTestGateway, type Behaviour, type TestGateway } from './gateway.fixture.js';

const open: TestGateway[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((gateway) => gateway.close()));
});

async function gateway(behaviour: Behaviour, tls?: typeof selfSigned): Promise<TestGateway> {
  const started = await startTestGateway(behaviour, tls);
  open.push(started);
  return started;
}

/** An address on which nobody listens. */
async function deadAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return `http://127.0.0.1:${port}`;
}

function client(gateways: string[], more: Partial<ClientOptions> = {}) {
  return new ExchangeGatewayClient({ gateways, ...key, timeoutMs: 5_000, ...more });
}

const { idType, idNumber } = person(7);
const question: Asking<'HR-SI-01'> = {
  requestId: '00000000-0000-4000-8000-000000000001',
  operatorId: 'officer-0001',
  purpose: { code: 'case-verification', case: 'C-1' },
  region: '990100',
  subjects: [{ idType, idNumber }],
  params: { months: { from: '2026-01', to: '2026-03' } },
};

const answer = {
  call: 'c',
  requestId: question.requestId,
  query: 'HR-SI-01@1',
  answer: 'none',
  exchanges: [],
};

async function errorOf(promise: Promise<unknown>): Promise<GatewayError> {
  const error: unknown = await promise.then(
    () => new Error('it was answered'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof GatewayError) return error;
  throw error;
}

describe('a client is not made', () => {
  test.each([
    ['without an address', { gateways: [] }, 'gateways'],
    ['with something that is no address', { gateways: ['gateway'] }, 'gateways/0'],
    ['with another scheme', { gateways: ['ftp://localhost'] }, 'gateways/0'],
    ['with a path, which would be signed', { gateways: ['https://localhost/api'] }, 'gateways/0'],
    ['with a password in the address', { gateways: ['https://a:b@localhost'] }, 'gateways/0'],
    ['with plain HTTP to another machine', { gateways: ['https://a', 'http://10.0.0.1'] }, 'gateways/1'],
    ['to verify without keys', { verify: true }, 'trust'],
  ] as const)('%s', (_why, options, field) => {
    const make = () => client(['http://127.0.0.1:1'], options);
    expect(make).toThrow(Problem);
    expect(make).toThrow(expect.objectContaining({ problem: 'config-invalid', field }));
  });
});

describe('what a gateway refuses', () => {
  test.each([
    'not-granted',
    'schema-invalid',
    'burst',
    'day-quota',
    'request-conflict',
    'clock-skew',
  ] as const)('for %s is thrown as it was said and not asked again anywhere', async (name) => {
    const [first, second] = [
      await gateway((to) => refuse(to, name)),
      await gateway((to) => json(to, answer)),
    ];
    const error = await errorOf(client([first.url, second.url]).ask('HR-SI-01', question));
    expect(error.document).toEqual(new Problem(name).toDocument());
    expect(error.problem).toBe(name);
    expect([first.seen.length, second.seen.length]).toEqual([1, 0]);
  });

  test.each(['provider-timeout', 'source-unavailable', 'provider-contract', 'log-tampered'] as const)(
    'for %s, which is not its own passing trouble, is not asked again',
    async (name) => {
      const only = await gateway((to) => refuse(to, name));
      expect((await errorOf(client([only.url]).ask('HR-SI-01', question))).problem).toBe(name);
      expect(only.seen.length).toBe(1);
    },
  );

  test('after an exchange took place is the end of the call, whatever its name', async () => {
    const extensions = { exchanges: [{ exchange: 'e', answer: 'unavailable' }] };
    const [first, second] = [
      await gateway((to) => refuse(to, 'log-unavailable', { extensions })),
      await gateway((to) => json(to, answer)),
    ];
    const error = await errorOf(client([first.url, second.url]).ask('HR-SI-01', question));
    expect(error.document['exchanges']).toEqual(extensions.exchanges);
    expect(second.seen).toEqual([]);
  });

  test('by an answer of another kind is not taken for one', async () => {
    for (const behaviour of [
      ((to) => to.end('<html>')) as Behaviour,
      ((to) => to.writeHead(302, { location: 'https://elsewhere' }).end()) as Behaviour,
      ((to) => to.writeHead(404).end('{"title":"no"}')) as Behaviour,
    ]) {
      const odd = await gateway(behaviour);
      expect((await errorOf(client([odd.url]).quotas())).problem).toBe('gateway-answer');
      expect(odd.seen.length).toBe(1);
    }
  });
});

describe('a gateway that sends on to another address', () => {
  const redirect = useRedirect();

  test('is not followed: what is signed and asked is for the one that was named', async () => {
    const error = await errorOf(client([redirect.url]).ask('HR-SI-01', question));
    expect([error.problem, error.detail]).toEqual([
      'gateway-answer',
      'HTTP 307 that is not an answer of the API',
    ]);
    expect([redirect.asked, redirect.followed]).toEqual([['/v1/queries/HR-SI-01'], []]);
  });
});

describe('failing over', () => {
  test('asks the addresses in order and stays with the one that answered', async () => {
    const dead = await deadAddress();
    const [second, third] = [
      await gateway((to) => json(to, answer)),
      await gateway((to) => json(to, answer)),
    ];
    const retries: Attempt[] = [];
    const asking = client([dead, second.url, third.url], { onRetry: (attempt) => retries.push(attempt) });
    expect(await asking.ask('HR-SI-01', question)).toEqual(answer);
    expect(await asking.ask('HR-SI-01', question)).toEqual(answer);
    expect(retries).toEqual([{ gateway: dead, problem: 'gateway-unreachable', detail: 'ECONNREFUSED' }]);
    expect([second.seen.length, third.seen.length]).toEqual([2, 0]);
  });

  test.each(['log-unavailable', 'shutting-down', 'overloaded', 'transport-unavailable'] as const)(
    'from a gateway with %s sends the same bytes with a new signature',
    async (name) => {
      const [first, second] = [
        await gateway((to) => refuse(to, name)),
        await gateway((to) => json(to, answer)),
      ];
      const { requestId: _made, ...unnamed } = question;
      await client([first.url, second.url]).ask('HR-SI-01', unnamed);
      const [one, other] = [first.seen[0]!, second.seen[0]!];
      expect(other.body).toBe(one.body);
      expect((JSON.parse(one.body) as { requestId: string }).requestId).toMatch(/^[0-9a-f-]{36}$/);
      expect(other.identity.nonce).not.toBe(one.identity.nonce);
      expect(other.identity.sigHash).not.toEqual(one.identity.sigHash);
    },
  );

  test('from a proxy that says 502, 503 or 504 in its own words', async () => {
    for (const status of [502, 503, 504]) {
      const [proxy, second] = [
        await gateway((to) => to.writeHead(status).end('<html>')),
        await gateway((to) => json(to, answer)),
      ];
      expect(await client([proxy.url, second.url]).ask('HR-SI-01', question)).toEqual(answer);
      expect([proxy.seen.length, second.seen.length]).toEqual([1, 1]);
    }
  });

  test('comes back to a gateway after its Retry-After, signing anew each time', async () => {
    const only = await gateway((to, _seen, n) =>
      n === 1 ? refuse(to, 'overloaded', { headers: { 'retry-after': '1' } }) : json(to, answer),
    );
    const before = performance.now();
    expect(await client([only.url]).ask('HR-SI-01', question)).toEqual(answer);
    expect(performance.now() - before).toBeGreaterThanOrEqual(990);
    expect(new Set(only.seen.map(({ identity }) => identity.nonce)).size).toBe(2);
  });

  test('does not wait for a Retry-After beyond its own deadline', async () => {
    const only = await gateway((to) => refuse(to, 'shutting-down', { headers: { 'retry-after': '3600' } }));
    const before = performance.now();
    const error = await errorOf(client([only.url]).ask('HR-SI-01', question));
    expect(error.problem).toBe('shutting-down');
    expect(performance.now() - before).toBeLessThan(1_000);
  });

  test('ends with the last trouble and all attempts when nobody answers', async () => {
    const dead = await deadAddress();
    const error = await errorOf(client([dead], { timeoutMs: 700 }).ask('HR-SI-01', question));
    const attempt = { gateway: dead, problem: 'gateway-unreachable', detail: 'ECONNREFUSED' };
    expect(error.problem).toBe('gateway-unreachable');
    expect(error.attempts).toEqual([attempt, attempt, attempt]); // at 0, 200 and 600 ms
  });

  test('leaves a gateway that hangs, or drips, for the next', async () => {
    const hangs: Behaviour = () => undefined;
    const drips: Behaviour = (to) =>
      void to.writeHead(200, { 'content-type': 'application/json' }).write('{');
    for (const behaviour of [hangs, drips]) {
      const [slow, second] = [await gateway(behaviour), await gateway((to) => json(to, answer))];
      const asking = client([slow.url, second.url], { attemptTimeoutMs: 200 });
      expect(await asking.ask('HR-SI-01', question)).toEqual(answer);
      expect(slow.seen.length).toBe(1);
    }
  });

  test('is over when the call’s time is, though a gateway still hangs', async () => {
    const slow = await gateway(() => undefined);
    const before = performance.now();
    expect((await errorOf(client([slow.url], { timeoutMs: 300 }).quotas())).problem).toBe('gateway-timeout');
    expect(performance.now() - before).toBeLessThan(2_000);
  });
});

describe('a certificate that nobody vouches for', () => {
  test('is not talked to, nor asked again', async () => {
    const impostor = await gateway((to) => json(to, answer), selfSigned);
    const before = performance.now();
    const error = await errorOf(client([impostor.url]).ask('HR-SI-01', question));
    expect(error).toMatchObject({ problem: 'gateway-unreachable', detail: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    expect(error.attempts.length).toBe(1);
    expect(impostor.seen).toEqual([]);
    expect(performance.now() - before).toBeLessThan(2_000);
  });

  test('is told even when another gateway answers', async () => {
    const [impostor, second] = [
      await gateway(() => undefined, selfSigned),
      await gateway((to) => json(to, answer)),
    ];
    const retries: Attempt[] = [];
    await client([impostor.url, second.url], { onRetry: (attempt) => retries.push(attempt) }).quotas();
    expect(retries.map(({ detail }) => detail)).toEqual(['DEPTH_ZERO_SELF_SIGNED_CERT']);
  });
});

describe('the rest of the API', () => {
  test('is asked with signed requests without a body, or with the bundle', async () => {
    const api = await gateway((to, { url }) => json(to, url === '/v1/quotas' ? { quotas: [] } : { url }));
    const asking = client([api.url]);
    expect(await asking.quotas()).toEqual([]);
    expect(await asking.exchange('a/../b')).toEqual({ url: '/v1/exchanges/a%2F..%2Fb' });
    expect(await asking.bundleInForce()).toEqual({ url: '/v1/admin/bundle' });
    expect(await asking.publishBundle('note\n')).toEqual({ url: '/v1/admin/bundles' });
    expect(api.seen.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['GET', '/v1/quotas', ''],
      ['GET', '/v1/exchanges/a%2F..%2Fb', ''],
      ['GET', '/v1/admin/bundle', ''],
      ['POST', '/v1/admin/bundles', '{"note":"note\\n"}'],
    ]);
  });

  test('types the records of a known query by its contract', async () => {
    const api = await gateway((to) => json(to, answer));
    const { exchanges } = await client([api.url]).ask('HR-SI-01', question);
    const payer: string | undefined = exchanges[0]?.results[0]?.records[0]?.payerName;
    expect(payer).toBeUndefined();
  });
});
