import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { topics, type WireMessage } from '#messaging';
import { type AgencyNode } from '#node';
import { call, question, type Answer } from './http.js';
import { type TestProvince } from './use-province.js';
import { entriesOf, Wiretap } from './wire.js';

/** The requester, the provider and the bystander of the specs that attack messages. */
export const [HOUSING, HRSS, FUND] = ['housing-990100', 'hrss-990000', 'fund-990100'] as const;
/** Where questions to the provider lie. */
export const REQUEST = topics.request(HRSS);

/** A province whose broker, and one of whose agencies, are the attacker's. */
export class Scene {
  constructor(private readonly province: () => TestProvince) {}

  get tap(): Wiretap {
    return new Wiretap(this.province());
  }

  gateway(agency: string): AgencyNode {
    return this.province().gateways.get(agency)!.node;
  }

  get provider(): AgencyNode {
    return this.province().adapters.get(HRSS)!.node;
  }

  ask(change: Record<string, unknown> = {}): Promise<Answer> {
    return call(this.province(), { agency: HOUSING, path: '/v1/queries/HR-SI-01', body: question(change) });
  }

  /** One question answered, with the message that asked it. */
  async asked(): Promise<{ exchange: string; request: WireMessage }> {
    expect((await this.ask()).status).toBe(200);
    const request = this.tap.newest(REQUEST);
    return { exchange: request.headers['exchange']!, request };
  }

  /** No more of it was answered or recorded than this, and the partition goes on. */
  async expectNoMore(exchange: string, replies: number, disclosures: number): Promise<void> {
    await sleep(50);
    const { bus } = this.province();
    const everywhere = bus.topicNames
      .filter((name) => name.startsWith('exchange.reply.') && !name.endsWith('.dead'))
      .flatMap((name) => bus.history(name))
      .filter(({ headers }) => headers['exchange'] === exchange);
    const recorded = await entriesOf(this.provider, 'disclosure', exchange);
    expect([everywhere.length, recorded]).toEqual([replies, disclosures]);
    expect((await this.ask()).status).toBe(200);
  }
}

/** Waits for messages to arrive. */
export async function until(found: () => WireMessage[], count = 1): Promise<WireMessage[]> {
  for (const started = Date.now(); Date.now() - started < 3_000; await sleep(10)) {
    if (found().length >= count) return found();
  }
  throw new Error('no such message within three seconds');
}
