import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startGateway, type RunningGateway } from '#apps/gateway';
import { ExchangeGatewayClient } from '#client';
import { selfSigned } from '#testing';
import { question } from '../support/http.js';
import { useProvince } from '../support/use-province.js';

const housing = 'housing-990100';
const province = useProvince();
const trusted = getCACertificates('default');
let secured: RunningGateway;

beforeAll(async () => {
  const { contracts, bus, gateways } = province();
  const plain = gateways.get(housing)!;
  const { settings, logger } = plain.node;
  await plain.close();
  secured = await startGateway({
    ...{ contracts, broker: bus, logger, settings },
    http: { host: '127.0.0.1', port: 0, tls: { key: selfSigned.key, cert: selfSigned.cert } },
  });
  (gateways as Map<string, RunningGateway>).set(housing, secured); // which closes it with the province
});

afterAll(() => setDefaultCACertificates(trusted));

test('a gateway over https answers a signed question to who trusts its certificate, and to nobody else', async () => {
  const { id: keyId, privateKey } = province()
    .keys.stores.get(housing)!
    .current('http-signature', Date.now())!;
  const client = new ExchangeGatewayClient({ gateways: [secured.url], keyId, privateKey });
  const ask = () => client.ask('HR-SI-01', question() as never);
  await expect(ask()).rejects.toMatchObject({
    problem: 'gateway-unreachable',
    detail: 'DEPTH_ZERO_SELF_SIGNED_CERT',
  });
  setDefaultCACertificates([...trusted, selfSigned.cert]);
  const { answer, exchanges } = await client.ask('HR-SI-01', question() as never);
  expect([secured.url.slice(0, 8), answer, exchanges.length]).toEqual(['https://', 'found', 1]);
  const plain = new ExchangeGatewayClient({
    gateways: [secured.url.replace('https:', 'http:')],
    ...{ keyId, privateKey, timeoutMs: 2_000 },
  });
  await expect(plain.ask('HR-SI-01', question() as never)).rejects.toMatchObject({
    problem: 'gateway-unreachable',
  });
});
