import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEAD_HEADER, topics, type WireMessage } from '#messaging';
import { type AgencyNode } from '#node';
import { type TestProvince } from './use-province.js';

/** What the operator of the broker, or a hostile agency, does with bytes that it sees. */
export class Wiretap {
  constructor(private readonly province: TestProvince) {}

  /** The newest message of a topic. */
  newest(topic: string): WireMessage {
    return copyOf(this.province.bus.history(topic).at(-1)!);
  }

  async publish(topic: string, message: WireMessage): Promise<void> {
    await this.province.bus.publish(topic, [message]);
  }

  /** Messages that a provider sent to a requester with this exchange. */
  replies(requester: string, exchange: string): WireMessage[] {
    return this.province.bus
      .history(topics.reply(requester))
      .filter(({ headers }) => headers['exchange'] === exchange)
      .map(copyOf);
  }

  deadLetters(topic: string): { problem: string | undefined; message: WireMessage }[] {
    return this.province.bus
      .history(topics.deadLetter(topic))
      .map((message) => ({ problem: message.headers[DEAD_HEADER.problem], message }));
  }
}

export function copyOf({ key, headers, value }: WireMessage): WireMessage {
  return { key, headers: { ...headers }, value: Uint8Array.from(value) };
}

/** The same message under another correlation, so that a reply to it would be seen as one of its own. */
export function recorrelated(message: WireMessage): WireMessage {
  return { ...message, headers: { ...message.headers, 'correlation-id': randomUUID() } };
}

/** Runs an attack and tells which codes its victim's security log has counted more of. */
export async function codesNoted(node: AgencyNode, attack: () => Promise<unknown>): Promise<string[]> {
  const before = await node.security.counts();
  await attack();
  for (const started = Date.now(); Date.now() - started < 3_000; await sleep(10)) {
    const after = await node.security.counts();
    const grown = Object.keys(after).filter(
      (code) => after[code as keyof typeof after] !== before[code as keyof typeof before],
    );
    if (grown.length > 0) return grown;
  }
  return [];
}

/** Entries of one kind that a node's log has for an exchange. */
export async function entriesOf(node: AgencyNode, kind: string, exchange?: string): Promise<number> {
  const { rows } = await node.database.pool.query<{ n: number }>(
    'select count(*)::int as n from log_entry where kind = $1 and ($2::uuid is null or exchange = $2)',
    [kind, exchange ?? null],
  );
  return rows[0]!.n;
}
