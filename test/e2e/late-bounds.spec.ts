import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Opener } from '#envelope';
import { type WireMessage } from '#messaging';
import { createLogger, Metrics } from '#observability';
import { LateReplies } from '../../apps/gateway/src/late-replies.js';
import { forgeQuestion } from '../support/forge.js';
import { exchangeOf, housing, hrss, lateRoom, REPLY, resultsOf } from '../support/late-room.js';
import { liftQuotas } from '../support/publish.js';
import { useProvince } from '../support/use-province.js';
import { codesNoted, recorrelated } from '../support/wire.js';

const MINUTE = 60_000;

const province = useProvince({ busHistory: true, retryMs: 500 });
const { node, acknowledged, lost, deliver, counted, restarted } = lateRoom(province);
beforeAll(() => liftQuotas(province(), hrss));
afterEach(() => province().bus.faults.clear());

/** As a stranger would send it who knows the exchange. */
const forgedTo = (exchange: string, { headers, value }: WireMessage): WireMessage => ({
  ...{ key: exchange, headers: { ...headers, exchange, ce_subject: exchange } },
  value: value.map((byte, at) => (at === 500 ? byte ^ 1 : byte)),
});

/** What looks at late replies, besides the gateway's own, whose clock is `ahead` of ours. */
function looker() {
  const own = node(housing);
  const warned: string[] = [];
  const time = { ahead: 0 };
  const clock = (): number => Date.now() + time.ahead;
  const metrics = new Metrics({});
  const write = (line: string): void => void warned.push((JSON.parse(line) as { msg: string }).msg);
  const late = new LateReplies(
    {
      ...{ ...own, clock, logger: createLogger('warn', { write }) },
      opener: new Opener({ registry: own.registry, keys: own.keys, clock }),
    },
    metrics,
  );
  const results = () => resultsOf(metrics, 'gateway_late_replies_total');
  return { late, time, warned, results };
}

test('forged replies to one exchange do not hold up what a gateway that starts finds for others, and are counted', async () => {
  const [known, other] = [await lost(), await lost()];
  await restarted(async () => {
    const forged = forgedTo(exchangeOf(known.answer), known.reply);
    for (let i = 0; i < 100; i += 1) await deliver(recorrelated(forged));
    await deliver(recorrelated(other.reply));
  });
  const begun = Date.now();
  expect(await acknowledged(exchangeOf(other.answer))).toHaveLength(3);
  expect(Date.now() - begun).toBeLessThan(4_000); // four of them are looked at every half a second
  expect((await counted('transport_messages_total'))['lateDropped']).toBeGreaterThan(50);
  await deliver(known.reply);
  expect(await acknowledged(exchangeOf(known.answer))).toHaveLength(3);
});

describe('what waits', () => {
  test('costs no look more than its share, whatever was forged, and is told once of each exchange', async () => {
    const { late, warned, results } = looker();
    const { reply } = await lost();
    const asked = await Promise.all(Array.from({ length: 250 }, () => forgeQuestion(node(housing), hrss)));
    const exchanges = asked.map(({ headers }) => headers['exchange']!);
    const forge = (exchange: string): string => late.take(forgedTo(exchange, reply));
    for (const exchange of exchanges) {
      late.asked(exchange, Date.now() + MINUTE);
      expect(Array.from({ length: 4 }, () => forge(exchange)).at(-1)).toBe('taken');
    }
    const refused: unknown[] = [];
    for (let i = 0; i < 5; i += 1) {
      await late.look();
      refused.push(await results());
    }
    expect(refused).toEqual([256, 512, 768, 1_000, 1_000].map((count) => ({ refused: count })));
    forge(exchanges[0]!);
    await late.look();
    expect(await results()).toEqual({ refused: 1_001 });
    expect(warned).toEqual(Array<string>(250).fill('late reply refused'));
  });

  test('and is a true reply, read when its time is over, is counted as that and said against nobody', async () => {
    const { late, time, warned, results } = looker();
    const { reply } = await lost();
    time.ahead = 11 * MINUTE;
    await late.lookBackSince();
    expect(late.take(reply)).toBe('taken');
    expect(await codesNoted(node(housing), () => late.look())).toEqual([]);
    expect([await results(), warned]).toEqual([{ expired: 1 }, []]);
  });

  test('and is not done in time is told as what is known of it', async () => {
    const { late, time, warned, results } = looker();
    const [one, other] = [await lost(), await lost()];
    await late.lookBackSince();
    expect(late.take(one.reply)).toBe('taken');
    const { entry } = await node(housing).opener.open(REPLY, other.reply, MINUTE);
    late.disclosed(exchangeOf(other.answer), entry, Date.now());
    time.ahead = 30 * MINUTE;
    await late.look();
    expect(await results()).toEqual({ expired: 2 });
    expect(warned).toEqual(['late reply not verified in time', 'late disclosure not recorded in time']);
  });

  test('and finds no room when its question had it in hand is counted', async () => {
    const { late, results } = looker();
    const { answer, reply } = await lost();
    late.asked(exchangeOf(answer), Date.now());
    for (let i = 0; i < 5; i += 1) late.keep(reply);
    expect(await results()).toEqual({ dropped: 1 });
  });
});
