import { beforeEach, describe, expect, test } from '@jest/globals';
import { type GrantSource, type SchemeSource } from '#contracts';
import { parsePublicLine, type PublicLine } from '#evidence';
import { type AnswerBody } from '#exchange';
import { type WireMessage } from '#messaging';
import { type Problem } from '#problem';
import { forgeQuestion } from '../../../test/support/forge.js';
import { FOUND, NONE, noneCounted, PROVIDER, useInstances, type Instance } from './instances.fixture.js';
import { type SourceReply } from './query-handler.js';

const instances = useInstances();
/** The grants in force while the source is asked, and those that are put in force before it has answered. */
let [one, two]: Instance[] = [];
let lookUps: number;

beforeEach(async () => {
  [one, two] = [await instances.open(0), await instances.open(1)];
  await restore();
});

const granted =
  (change: (grant: GrantSource) => void) =>
  (schemes: SchemeSource[]): void => {
    for (const { grants } of schemes) for (const grant of grants) change(grant);
  };
const suspended = granted((grant) => {
  grant.suspended = { since: '2026-11-21T00:00:00+08:00', reason: '核查' };
});
const withoutPayer = granted(({ fields }) => {
  delete fields['payerName'];
});

/** All as it is signed for good; both instances know it. */
async function restore(): Promise<void> {
  await instances.publish(one!, () => undefined);
  await two!.parts.node.bundles.refresh(PROVIDER);
}

/** Asks; while its source is asked for the first time (each time, when `always`), another bundle comes into force. */
async function askedWhile(
  by: Instance,
  change: (schemes: SchemeSource[]) => void,
  { always = false, found = FOUND }: { always?: boolean; found?: SourceReply } = {},
): Promise<{ question: WireMessage; reply: Promise<WireMessage>; bundle: () => number }> {
  let bundle = 0;
  lookUps = 0;
  instances.lookUp = async () => {
    lookUps += 1;
    if (lookUps === 1 || always) bundle = await instances.publish(by, change);
    return found;
  };
  const question = await forgeQuestion(instances.requester, PROVIDER);
  return { question, reply: one!.answer(question), bundle: () => bundle };
}

async function disclosures({ headers }: WireMessage): Promise<PublicLine[]> {
  const { rows } = await one!.parts.node.database.pool.query<{ public: Buffer }>(
    `select public from log_entry where exchange = $1 and kind = 'disclosure'`,
    [headers['exchange']],
  );
  return rows.map(({ public: line }) => parsePublicLine(line));
}

async function counted(): Promise<number> {
  const { rows } = await one!.parts.node.database.pool.query<{ used: number }>(
    'select coalesce(sum(used), 0)::int as used from quota_day',
  );
  return rows[0]!.used;
}

const read = async (reply: WireMessage): Promise<AnswerBody> =>
  JSON.parse((await instances.read(reply)).body.toString()) as AnswerBody;

describe.each([
  ['in its own process', () => one!],
  ['in another process of its node', () => two!],
])('an answer looked up and not yet recorded when another bundle comes into force %s', (_where, by) => {
  test('is not given once its grant is suspended: the refusal alone is recorded', async () => {
    const { question, reply, bundle } = await askedWhile(by(), suspended);
    expect(await read(await reply)).toEqual({
      ...{ answer: 'refused', source: PROVIDER, bundle: bundle(), results: [], withheld: [], fields: {} },
      ...{ heldBack: 0, reason: 'grant-suspended' },
    });
    const said = (await disclosures(question)).map(({ outcomes, rows, reason, bundle: number }) => ({
      ...{ outcomes, rows, reason, number },
    }));
    expect([said, lookUps]).toEqual([
      [{ outcomes: { refused: 1 }, rows: 0, reason: 'grant-suspended', number: bundle() }],
      1,
    ]);
  });

  test('is decided, asked and released anew, without the field that is not granted any more', async () => {
    const before = await counted();
    const { question, reply, bundle } = await askedWhile(by(), withoutPayer);
    const { answer, results, withheld, bundle: decidedBy } = await read(await reply);
    expect([answer, decidedBy, withheld]).toEqual([
      'found',
      bundle(),
      [{ field: 'payerName', reason: 'not-granted' }],
    ]);
    expect(results[0]!.records).toEqual([
      {
        ...{ personName: '张**', idNumber: '9****************0', payerUscc: '91990101MA00DEM14A' },
        ...{ payerType: 'enterprise', insuranceType: '110', participationStatus: 'normal' },
        ...{ paymentStatus: 'paying', months: ['2026-09'], monthsPaid: 1, arrived: true, region: '990100' },
      },
    ]);
    const said = (await disclosures(question)).map((line) => [line.outcomes, line.bundle]);
    expect([said, lookUps, (await counted()) - before]).toEqual([[[{ found: 1 }, bundle()]], 2, 1]);
  });

  test('counts persons of whom there is nothing once, although they were looked up twice', async () => {
    const before = await noneCounted(one!);
    const { reply } = await askedWhile(by(), () => undefined, { found: NONE });
    expect((await read(await reply)).answer).toBe('none');
    expect([lookUps, (await noneCounted(one!)) - before]).toEqual([2, 1]);
  });

  test('is given up, and nothing is recorded of it, when each decision is overtaken', async () => {
    const { question, reply } = await askedWhile(by(), () => undefined, { always: true });
    const problem = await reply.catch((error: unknown) => error);
    expect([(problem as Problem).problem, await disclosures(question), lookUps]).toEqual([
      'bundle-changed',
      [],
      3,
    ]);
  });
});
