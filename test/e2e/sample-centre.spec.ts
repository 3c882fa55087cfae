import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startSampleAdapter } from '#apps/adapter-sample';
import { auditMigrations } from '#apps/audit';
import { startGateway, type RunningGateway } from '#apps/gateway';
import { ExchangeGatewayClient } from '#client';
import { loadContracts, type Contracts } from '#contracts';
import { openPool } from '#database';
import { InProcessBus, messageHeaders, provinceTopics, topics } from '#messaging';
import { createLogger } from '#observability';
import { useDatabaseUrl } from '#testing';
import { prepareKeys, type ProvinceKeys } from '../../apps/demo/src/province/keys.js';
import { publishSchemes } from '../../apps/demo/src/province/publish-schemes.js';
import { contractsWith } from '../conformance/contracts-with.js';
import { loadBank } from '../conformance/sample-centre/load.js';
import { filledIn, paste, printedCommands } from '../support/printed.js';

/** Who takes part: the asker, the centre, and the agency that keeps the registry. */
const [ASKER, CENTRE, PROVINCE] = ['housing-990000', 'fund-990102', 'data-990000'];
const databases = { [ASKER]: useDatabaseUrl(), [CENTRE]: useDatabaseUrl() };
const sourceUrl = useDatabaseUrl();
const dir = mkdtempSync(join(tmpdir(), 'sample-centre-'));
const file = join(import.meta.dirname, '../conformance/sample-centre/fund-990102.yaml');
const gateways = new Map<string, RunningGateway>();
const closing: (() => Promise<void>)[] = [];
let keys: ProvinceKeys;

beforeAll(async () => {
  await loadBank(sourceUrl());
  const contracts = onlyTheThree(contractsWith(file));
  const agencies = [...contracts.agencies.values()];
  keys = prepareKeys(dir, agencies, PROVINCE, Date.now());
  const broker = new InProcessBus();
  closing.push(() => broker.close());
  await broker.createTopics(provinceTopics({ providers: [CENTRE], requesters: [ASKER, CENTRE] }));
  const headers = messageHeaders({ source: PROVINCE, type: 'registry', subject: 'registry' });
  const registry = { key: 'registry', headers, value: Buffer.from(keys.registryNote) };
  await broker.publish(topics.registry(), [registry]);
  const optionsOf = (agency: string) => ({
    ...{ contracts, broker, logger: createLogger('silent') },
    settings: {
      ...{
        agency,
        ordinal: 0,
        databaseUrl: databases[agency]!(),
        dir: keys.dirOf(agency),
        monitor: PROVINCE,
      },
      ...{ registryKey: keys.registryKey, registryNote: keys.registryNote, synthetic: 'accept' as const },
    },
  });
  for (const agency of [ASKER, CENTRE]) {
    const http = { host: '127.0.0.1', port: 0 };
    const gateway = await startGateway({ ...optionsOf(agency), http, migrations: auditMigrations });
    gateways.set(agency, gateway);
    closing.push(() => gateway.close());
  }
  const adapter = await startSampleAdapter({ ...optionsOf(CENTRE), sourceUrl: sourceUrl() });
  closing.push(() => adapter.close());
  const provider = contracts.agencies.get(CENTRE)!;
  const schemes = contracts.schemesOf(provider);
  const gatewaysOf = (agency: string): string[] => [gateways.get(agency)!.url];
  await publishSchemes({ contracts, keys, gatewaysOf, clock: Date.now }, provider, schemes);
});

afterAll(async () => {
  for (const close of closing.toReversed()) await close();
  rmSync(dir, { recursive: true });
});

test('a centre on a bank’s system answers another agency, masked as its scheme says', async () => {
  const paid = await somebodyPaid();
  const { id: keyId, privateKey } = keys.stores.get(ASKER)!.current('http-signature', Date.now())!;
  const client = new ExchangeGatewayClient({ gateways: [gateways.get(ASKER)!.url], keyId, privateKey });
  const { exchanges } = await client.ask('PF-01', {
    operatorId: 'officer-0117',
    purpose: { code: 'licence-screening', campaign: 'TC-2026-01' },
    region: '990102',
    subjects: [{ idType: 'citizen-id', idNumber: paid.number }],
    params: { months: { from: '2026-04', to: '2026-09' } },
  });
  expect(exchanges).toMatchObject([
    {
      provider: CENTRE,
      answer: 'found',
      results: [{ records: [{ unitName: paid.unit, accountStatus: 'normal', region: '990102' }] }],
    },
  ]);
  const [record] = exchanges[0]!.results[0]!.records;
  expect(record).not.toHaveProperty('contributionBase');
  const answered = JSON.stringify(exchanges);
  expect([paid.number, paid.name].filter((text) => answered.includes(text))).toEqual([]);
});

test('the guide’s last commands check and put in force what the centre grants', async () => {
  const home = join(dir, 'home');
  cpSync(loadContracts().root, join(home, 'contracts'), { recursive: true });
  cpSync(file, join(home, 'contracts/agencies/fund-990102.yaml'));
  symlinkSync(keys.dirOf(CENTRE), join(home, CENTRE));
  const script = printedCommands('docs/guides/adapter.md', '8. Keys and registration');
  const commands = filledIn(script.slice(script.indexOf('cli scheme lint')), {
    'https://your-gateway.example': gateways.get(CENTRE)!.url,
    '--provider fund-990102': '--provider fund-990102 --contracts contracts',
  });
  expect(await paste(commands, { cwd: home })).toMatch(/^方案包 fund-990102 第 \d+ 号已生效$/m);
});

/** Somebody with a running account, in the bank's words. */
async function somebodyPaid(): Promise<{ number: string; name: string; unit: string }> {
  const pool = openPool({ url: sourceUrl(), name: 'spec' });
  const { rows } = await pool.query<{ number: string; name: string; unit: string }>(
    `select c.cert_no as number, c.cust_nm as name, u.corp_nm as unit
       from t_cif c join t_pfacct a using (cust_no) join t_corp u on u.corp_no = a.corp_no
      where c.cert_tp = 'A' and length(c.cert_no) = 18 and a.acct_sts = 'N'
        and (select count(*) from t_cif other where other.cust_nm = c.cust_nm and other.cert_no = c.cert_no) = 1
      order by c.cust_no limit 1`,
  );
  await pool.end();
  return rows[0]!;
}

function onlyTheThree(contracts: Contracts): Contracts {
  const agencies = [...contracts.agencies].filter(([id]) => [ASKER, CENTRE, PROVINCE].includes(id));
  return { ...contracts, agencies: new Map(agencies) };
}
