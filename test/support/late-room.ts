import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningGateway } from '#apps/gateway';
import { LogReader, parsePublicLine, type PublicLine } from '#evidence';
import { topics } from '#messaging';
import { type AgencyNode } from '#node';
import { call, question, type Answer } from './http.js';
import { type TestProvince } from './use-province.js';

export const [housing, hrss] = ['housing-990100', 'hrss-990000'] as const;
export const [REQUEST, REPLY] = [topics.request(hrss), topics.reply(housing)] as const;
export const DEADLINE_MS = 1_500;
/** More messages than there are. */
export const ALL = 100;

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
  /** What the asker's gateway counted, by result. */
  const counted = async (name: string): Promise<Record<string, number>> => {
    const { values } = await gateway().metrics.registry.getSingleMetric(name)!.get();
    return Object.fromEntries(values.map(({ labels, value }) => [String(labels['result']), value]));
  };
  const lateReplies = (): Promise<Record<string, number>> => counted('gateway_late_replies_total');
  return { gateway, node, ask, acknowledged, counted, lateReplies };
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
