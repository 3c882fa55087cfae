import { setTimeout as sleep } from 'node:timers/promises';
import { startGateway, type RunningGateway } from '#apps/gateway';
import { LogReader, parsePublicLine, type PublicLine } from '#evidence';
import { topics, type WireMessage } from '#messaging';
import { type AgencyNode } from '#node';
import { type Metrics } from '#observability';
import { call, question, type Answer } from './http.js';
import { type TestProvince } from './use-province.js';
import { Wiretap } from './wire.js';

export const [housing, hrss] = ['housing-990100', 'hrss-990000'] as const;
export const [REQUEST, REPLY] = [topics.request(hrss), topics.reply(housing)] as const;
export const DEADLINE_MS = 1_500;
/** More messages than there are. */
export const ALL = 100;

export interface Lost {
  answer: Answer;
  request: WireMessage;
  reply: WireMessage;
}

export type Line = PublicLine & { leaf: string };

/** What a question to which nothing comes in time is looked at with: asked by one agency of another. */
export function lateRoom(province: () => TestProvince) {
  const gateway = (): RunningGateway => province().gateways.get(housing)!;
  const node = (agency: string): AgencyNode => province().gateways.get(agency)!.node;
  const ask = (given: Record<string, unknown> = {}): Promise<Answer> =>
    call(province(), { agency: housing, path: '/v1/queries/HR-SI-01', body: question(given) });
  /** What the asker's log says at last: intent, outcome and acknowledgement of an exchange. */
  const acknowledged = (exchange: string): Promise<Line[]> =>
    eventually(async () => {
      const lines = await linesOf(node(housing), exchange);
      return lines.some(({ late }) => late) ? lines : undefined;
    });
  /** The real question and the real reply, which was lost on the way. */
  const lost = async (): Promise<Lost> => {
    province().bus.faults.lose(REPLY, ALL);
    const answer = await ask({ deadlineMs: DEADLINE_MS });
    province().bus.faults.clear();
    const tap = new Wiretap(province());
    return { answer, request: tap.newest(REQUEST), reply: tap.newest(REPLY) };
  };
  const deliver = (message: WireMessage): Promise<void> =>
    province().bus.publish(REPLY, [{ ...message, partition: 0 }]);
  /** What the asker's gateway counted, by result. */
  const counted = (name: string): Promise<Record<string, number>> => resultsOf(gateway().metrics, name);
  const lateReplies = (): Promise<Record<string, number>> => counted('gateway_late_replies_total');
  /** Stops the asker's gateway and starts another with its settings; `meanwhile` nobody reads. */
  const restarted = async (meanwhile: () => Promise<void>): Promise<void> => {
    const { settings, logger, contracts } = node(housing);
    await gateway().close();
    await meanwhile();
    const started = await startGateway({
      ...{ contracts, broker: province().bus, logger, settings, http: { host: '127.0.0.1', port: 0 } },
      retryMs: 500,
    });
    (province().gateways as Map<string, RunningGateway>).set(housing, started);
  };
  return { gateway, node, ask, acknowledged, lost, deliver, counted, lateReplies, restarted };
}

/** A metric's values, by result. */
export async function resultsOf({ registry }: Metrics, name: string): Promise<Record<string, number>> {
  const { values } = await registry.getSingleMetric(name)!.get();
  return Object.fromEntries(values.map(({ labels, value }) => [String(labels['result']), value]));
}

export function exchangeOf({ body }: Answer): string {
  return (body['exchanges'] as [{ exchange: string }])[0].exchange;
}

export async function eventually<T>(look: () => Promise<T | undefined>, ms = 20_000): Promise<T> {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(50)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(`not within ${ms} ms: ${look.toString()}`);
}

/** What a node's log says of an exchange. */
export async function linesOf(of: AgencyNode, exchange: string): Promise<Line[]> {
  const receipts = await new LogReader(of, of.log).receiptsOf(exchange);
  return receipts
    .filter(({ checkpoint }) => checkpoint.origin === of.origin)
    .map(({ publicLine, leaf }) => ({ ...parsePublicLine(publicLine), leaf: leaf.toString('base64url') }));
}
