import { randomBytes, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type RecordedEntry } from '#evidence';
import { topics, type WireMessage } from '#messaging';
import { type AgencyNode } from '#node';
import { forgeQuestion } from '../support/forge.js';
import { liftQuotas } from '../support/publish.js';
import { withRogueLog } from '../support/rogue-log.js';
import { FUND, HOUSING, HRSS, REQUEST, Scene, until } from '../support/scene.js';
import { useProvince } from '../support/use-province.js';
import { codesNoted, entriesOf } from '../support/wire.js';

const province = useProvince({ busHistory: true });
const scene = new Scene(province);
beforeAll(() => liftQuotas(province(), HRSS));

describe('a question that its sender forged', () => {
  const refused = async (message: WireMessage, code: string): Promise<void> => {
    const noted = await codesNoted(scene.provider, () => scene.tap.publish(REQUEST, message));
    expect(noted).toEqual([code]);
    await scene.expectNoMore(message.headers['exchange']!, 0, 0);
  };

  test('with the entry of another exchange is refused', async () => {
    await refused(
      await forgeQuestion(scene.gateway(HOUSING), HRSS, { sealed: { exchange: randomUUID() } }),
      'envelope-spliced',
    );
  });

  test.each([
    ['another person than its entry commits to', { privateLine: { subjectRoot: root() } }, 'subjects-differ'],
    ['another body than its entry commits to', { privateLine: { bodyHash: root() } }, 'envelope-spliced'],
    [
      'another purpose than its entry',
      { privateLine: { purpose: { code: 'curiosity', case: 'x' } } },
      'envelope-spliced',
    ],
    ['another region than its entry', { line: { region: '990200' } }, 'envelope-spliced'],
    ['another query than its entry', { line: { query: 'HR-LR-01@1' } }, 'envelope-spliced'],
    ['another receiver than its entry', { line: { to: FUND } }, 'envelope-spliced'],
    ['fewer persons than it asks about', { line: { subjects: 2 } }, 'envelope-spliced'],
    ['an entry of another kind', { line: { kind: 'outcome' as const } }, 'envelope-spliced'],
    ['a wildcard', { question: { fields: ['*'] } }, 'envelope-spliced'],
    ['parameters that no contract has', { question: { params: { sql: "';--" } } }, 'envelope-spliced'],
    ['no key of its commitments', { sealed: { kx: Buffer.alloc(0) } }, 'subjects-differ'],
  ])('with %s is refused', async (_what, forgery, code) => {
    await refused(await forgeQuestion(scene.gateway(HOUSING), HRSS, forgery), code);
  });

  test('sealed to another agency is refused', async () => {
    await refused(
      await forgeQuestion(scene.gateway(HOUSING), HRSS, { sealed: { to: FUND } }),
      'envelope-moved',
    );
  });

  test('for longer than ten minutes is refused', async () => {
    const deadline = new Date(Date.now() + 11 * 60_000).toISOString();
    await refused(await forgeQuestion(scene.gateway(HOUSING), HRSS, { deadline }), 'envelope-expired');
  });

  test.each([
    ['a log that is not registered', `${HOUSING}/gateway/7`, 'sender-unknown'],
    ['a log of another agency', `${FUND}/gateway/0`, 'sender-unknown'],
    ['a second log under its own name', `${HOUSING}/gateway/0`, 'entry-not-in-log'],
  ])('from %s is refused', async (_what, origin, code) => {
    const { database } = scene.gateway(HRSS);
    const message = await withRogueLog({ origin, database }, (log) =>
      forgeQuestion({ ...scene.gateway(HOUSING), log }, HRSS),
    );
    await refused(message, code);
  });

  test('with an entry that its log does not hold is refused', async () => {
    const node = scene.gateway(HOUSING);
    const falsified: RecordedEntry[] = [];
    const log = {
      append: async (draft: Parameters<AgencyNode['log']['append']>[0]) => {
        const entry = await node.log.append(draft);
        falsified.push({ ...entry, path: [randomBytes(32), ...entry.path.slice(1)] });
        return falsified[0];
      },
    };
    await refused(await forgeQuestion({ ...node, log } as unknown as AgencyNode, HRSS), 'entry-not-in-log');
  });

  test('beyond its grants gets a recorded refusal and no data', async () => {
    const forged = await forgeQuestion(scene.gateway(FUND), HRSS, {
      question: { purpose: { code: 'fund-service', case: '990100-2026-000001' } },
    });
    await scene.tap.publish(REQUEST, forged);
    const exchange = forged.headers['exchange']!;
    const [reply] = await until(() => scene.tap.replies(FUND, exchange));
    const { body } = await scene.gateway(FUND).opener.open(topics.reply(FUND), reply!);
    expect(JSON.parse(body.toString())).toMatchObject({
      answer: 'refused',
      reason: 'not-granted',
      results: [],
    });
    expect(await entriesOf(scene.provider, 'disclosure', exchange)).toBe(1);
  });

  test('from a log that shows another history is refused, as is all that it says later; others are heard', async () => {
    const fund = scene.gateway(FUND);
    const shown = await forgeQuestion(fund, HRSS);
    await scene.tap.publish(REQUEST, shown);
    await until(() => scene.tap.replies(FUND, shown.headers['exchange']!));
    const { entry } = await scene.provider.opener.open(REQUEST, shown);
    const { database } = scene.gateway('housing-990000');
    const key = fund.keys.logKey(fund.origin, Date.now()).privateKey;
    const forked = await withRogueLog({ origin: fund.origin, database, key, size: entry.index }, (log) =>
      forgeQuestion({ ...fund, log }, HRSS),
    );
    await refused(forked, 'log-forked');
    await refused(await forgeQuestion(fund, HRSS), 'log-forked');
  });
});

function root(): string {
  return randomBytes(32).toString('base64url');
}
