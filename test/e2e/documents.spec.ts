import { createHash, generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import canonicalize from 'canonicalize';
import { messageHeaders, topics } from '#messaging';
import { type AgencyNode } from '#node';
import { compileBundle, schemeKeyName, signBundle, type Bundle } from '#sharing';
import { noteSigner, signNote } from '#tlog';
import { call, question, type Answer } from '../support/http.js';
import { liftQuotas } from '../support/publish.js';
import { useProvince } from '../support/use-province.js';
import { codesNoted } from '../support/wire.js';

const province = useProvince({ busHistory: true });
const [housing, hrss, fund] = ['housing-990100', 'hrss-990000', 'fund-990100'];
const gateway = (agency: string): AgencyNode => province().gateways.get(agency)!.node;
const ask = (body = question()): Promise<Answer> =>
  call(province(), { agency: housing, path: '/v1/queries/HR-SI-01', body });
beforeAll(() => liftQuotas(province(), hrss));

const publish = (topic: string, key: string, note: string): Promise<void> =>
  province().bus.publish(topic, [
    { key, headers: messageHeaders({ source: key, type: topic, subject: key }), value: Buffer.from(note) },
  ]);

/** The schemes of a provider, to be changed and signed by whomever. */
function bundleOf(
  provider: string,
  number: number,
  change: (bundle: Bundle) => unknown = () => undefined,
): Bundle {
  const { contracts } = province();
  const agency = contracts.agencies.get(provider)!;
  const bundle = compileBundle({
    provider: agency,
    number,
    issuedAt: new Date().toISOString(),
    schemes: contracts.schemesOf(agency),
    contracts: contracts.contracts,
  });
  change(bundle);
  return bundle;
}
const schemeSigner = (agency: string) =>
  noteSigner(
    schemeKeyName(agency),
    province().keys.stores.get(agency)!.current('scheme', Date.now())!.privateKey,
  );
const next = (): number => gateway(hrss).bundles.active(hrss)!.number + 1;
describe('a bundle on its topic', () => {
  test.each([
    [
      'signed by another provider',
      'bundle-signature',
      () => signBundle({ ...bundleOf(hrss, next()), provider: fund }, schemeSigner(fund)),
    ],
    [
      'signed with a key that is not registered',
      'bundle-signature',
      () => {
        const { privateKey } = generateKeyPairSync('ed25519');
        return signBundle(bundleOf(hrss, next()), noteSigner(schemeKeyName(hrss), privateKey));
      },
    ],
    [
      'changed after it was signed',
      'bundle-signature',
      () =>
        signBundle(bundleOf(hrss, next()), schemeSigner(hrss)).replace('"perDay":20000', '"perDay":90000'),
    ],
    ['numbered lower', 'bundle-rollback', () => signBundle(bundleOf(hrss, 1), schemeSigner(hrss))],
    [
      'with the number in force and other content',
      'bundle-rollback',
      () => signBundle(bundleOf(hrss, next() - 1), schemeSigner(hrss)),
    ],
    [
      'of a query that this node does not know',
      'bundle-invalid',
      () =>
        signBundle(
          bundleOf(hrss, next(), ({ schemes }) =>
            Object.assign(schemes[0]!.grants[0]!, { query: 'HR-ZZ-01@1' }),
          ),
          schemeSigner(hrss),
        ),
    ],
    [
      'with a mask that this node does not know',
      'bundle-invalid',
      () =>
        signBundle(
          bundleOf(hrss, next(), ({ schemes }) =>
            Object.assign(schemes[0]!.grants[0]!.fields, { personName: { release: 'mask', mask: 'none' } }),
          ),
          schemeSigner(hrss),
        ),
    ],
    ['that is no note', 'bundle-signature', () => 'a\r\n{"level":"fatal"}'],
  ])('%s is refused and noted, and the last good one stays', async (_what, code, note) => {
    const before = gateway(housing).bundles.active(hrss)!.note;
    const noted = await codesNoted(gateway(housing), () => publish(topics.bundle(), hrss, note()));
    expect(noted).toEqual([code]);
    expect(gateway(housing).bundles.active(hrss)!.note).toBe(before);
    const { rows } = await gateway(housing).database.pool.query<{ note: string }>(
      'select note from active_bundle where provider = $1',
      [hrss],
    );
    expect(rows).toEqual([{ note: before }]);
    expect((await ask()).status).toBe(200);
  });

  test('under the name of another agency is refused', async () => {
    const note = gateway(hrss).bundles.active(hrss)!.note;
    const noted = await codesNoted(gateway(housing), () => publish(topics.bundle(), 'fund-990200', note));
    expect(noted).toEqual(['bundle-signature']);
  });

  test.each([
    ['another member', { note: 'x', force: true }, '/'],
    ['no note', {}, '/note'],
    ['a note that is a list', { note: ['x'] }, '/note'],
    ['a note of 256 KiB and one', { note: 'x'.repeat(262_145) }, '/note'],
  ])('brought to its gateway with %s is not looked at, and that is noted', async (_what, body, field) => {
    const { answer, noted } = await brought(body);
    const { status, body: told } = answer;
    expect([status, told['code'], told['field'], noted]).toEqual([422, 4003, field, ['schema-invalid']]);
  });

  test('brought to its gateway is refused and noted all the same', async () => {
    const note = signBundle(bundleOf(hrss, 1), schemeSigner(hrss));
    const { answer, noted } = await brought({ note });
    expect([answer.status, answer.body['code'], noted]).toEqual([409, 7002, ['bundle-rollback']]);
  });

  async function brought(body: unknown): Promise<{ answer: Answer; noted: string[] }> {
    let answer: Answer | undefined;
    await province().adapters.get(hrss)!.node.security.flush(); // it read the topic too, and counts in the same table
    const noted = await codesNoted(gateway(hrss), async () => {
      answer = await call(province(), { agency: hrss, path: '/v1/admin/bundles', body });
    });
    return { answer: answer!, noted };
  }
});

describe('a bundle that its agency brings to its own gateway', () => {
  const bring = (note: string) =>
    call(province(), { agency: hrss, path: '/v1/admin/bundles', body: { note } });

  test('is not in force before it is recorded, and is recorded once when it is brought again', async () => {
    const before = gateway(hrss).bundles.active(hrss)!.number;
    const note = signBundle(bundleOf(hrss, next()), schemeSigner(hrss));
    const { pool } = gateway(hrss).database;
    await pool.query(`create function no_scheme() returns trigger language plpgsql as
      $$ begin raise exception 'the disk is full' using errcode = 'disk_full'; end $$`);
    await pool.query(`create trigger no_scheme before insert on log_entry
      for each row when (new.kind = 'scheme') execute function no_scheme()`);
    const failed = await bring(note);
    expect([failed.status, await inForce(), await recorded(before + 1)]).toEqual([503, before, []]);
    await pool.query('drop trigger no_scheme on log_entry');

    const bundle = before + 1;
    expect((await retried(note)).body).toMatchObject({ provider: hrss, bundle, changed: true });
    expect((await bring(note)).body).toMatchObject({ provider: hrss, bundle, changed: false });
    const sha256 = createHash('sha256').update(note).digest('base64url');
    expect([await inForce(), await recorded(bundle)]).toEqual([bundle, [{ bundle, sha256 }]]);
  });

  test('is refused when its number leaps, so that there is always room for the next suspension', async () => {
    const before = await inForce();
    const leap = bundleOf(hrss, 900_719_925_474_099);
    const { status, body } = await bring(signBundle(leap, schemeSigner(hrss)));
    expect([status, body['code'], body['field']]).toEqual([422, 7006, '/number']);
    expect(body['detail']).toContain(`bundle ${leap.number} of ${hrss}`);
    const highest = signNote(
      `${canonicalize({ ...leap, number: Number.MAX_SAFE_INTEGER })}\n`,
      schemeSigner(hrss),
    );
    expect((await bring(highest)).body).toMatchObject({
      code: 7004,
      detail: `bundle ${Number.MAX_SAFE_INTEGER} of ${hrss}: /number 数值过大`,
    });
    expect([await inForce(), await recorded(leap.number)]).toEqual([before, []]);
    expect((await bring(signBundle(bundleOf(hrss, next()), schemeSigner(hrss)))).status).toBe(200);
  });

  test('is not recorded when it cannot be put in force', async () => {
    const unknown = bundleOf(hrss, next(), ({ schemes }) =>
      Object.assign(schemes[0]!.grants[0]!, { query: 'HR-ZZ-01@1' }),
    );
    expect((await bring(signBundle(unknown, schemeSigner(hrss)))).status).toBe(422);
    expect(await recorded(unknown.number)).toEqual([]);
  });

  /** The log takes a moment to find that its database is well again. */
  async function retried(note: string): Promise<Answer> {
    for (const started = Date.now(); ; await new Promise((resolve) => setTimeout(resolve, 100))) {
      const answer = await bring(note);
      if (answer.status < 500 || Date.now() - started > 10_000) return answer;
    }
  }

  async function inForce(): Promise<number> {
    const { rows } = await gateway(hrss).database.pool.query<{ number: string }>(
      'select number from active_bundle where provider = $1',
      [hrss],
    );
    return Number(rows[0]!.number);
  }

  /** Private notes of the entries that record a number. */
  async function recorded(bundle: number): Promise<unknown[]> {
    const { rows } = await gateway(hrss).database.pool.query<{ note: unknown }>(
      `select convert_from(private, 'UTF8')::jsonb -> 'note' as note from log_entry
        where kind = 'scheme' and convert_from(public, 'UTF8')::jsonb -> 'bundle' = to_jsonb($1::bigint)`,
      [bundle],
    );
    return rows.map(({ note }) => note);
  }
});

describe('a registry on its topic', () => {
  test.each([
    ['signed by an agency', 'registry-signature', (text: string) => signNote(text, schemeSigner(hrss))],
    [
      'signed with a key of the right name',
      'registry-signature',
      (text: string) =>
        signNote(text, noteSigner('data-990000/registry', generateKeyPairSync('ed25519').privateKey)),
    ],
    [
      'changed after it was signed',
      'registry-signature',
      () => province().keys.registryNote.replace('990100', '990200'),
    ],
    [
      'with the number in force and other content',
      'registry-rollback',
      (text: string) => {
        const key = province().keys.stores.get('data-990000')!.current('registry', Date.now())!;
        const other = text.replace('测试市住房和城乡建设局', '测试市住房和城乡建设院');
        expect(other).not.toBe(text);
        return signNote(other, noteSigner('data-990000/registry', key.privateKey));
      },
    ],
  ])('%s is refused and noted, and the last good one stays', async (_what, code, sign) => {
    const before = gateway(housing).registry.current.hash;
    const [text] = province().keys.registryNote.split('\n\n') as [string];
    const noted = await codesNoted(gateway(housing), () =>
      publish(topics.registry(), 'registry', sign(`${text}\n`)),
    );
    expect(noted).toEqual([code]);
    expect(gateway(housing).registry.current.hash).toBe(before);
    expect((await ask()).status).toBe(200);
  });
});

describe('an answer that was stored', () => {
  test('is not given again once its provider has signed another bundle', async () => {
    const body = question();
    expect((await ask(body)).status).toBe(200);
    expect((await ask(body)).body['replayed']).toBe(true);
    await liftQuotas(province(), hrss);
    await publishNarrower();
    const again = await ask(body);
    expect([again.status, again.body['code']]).toEqual([409, 7005]);
    expect(JSON.stringify(again.body)).not.toContain('测试建设');
  });
});

/** As a provider that withdraws a field does. */
async function publishNarrower(): Promise<void> {
  const note = signBundle(
    bundleOf(hrss, next(), ({ schemes }) => {
      for (const { grants } of schemes) for (const { fields } of grants) delete fields['payerName'];
    }),
    schemeSigner(hrss),
  );
  await call(province(), { agency: hrss, path: '/v1/admin/bundles', body: { note } });
  for (const started = Date.now(); Date.now() - started < 2_000;) {
    if (gateway(housing).bundles.active(hrss)!.note === note) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('the narrower bundle did not arrive');
}
