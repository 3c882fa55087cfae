import { randomUUID } from 'node:crypto';
import { type WireMessage } from '#messaging';
import { Problem } from '#problem';
import { unpredictable } from '#random';
import { type RegistryView, type UsableKey } from '#registry';
import { encrypt, NONCE_SIZE } from './aead.js';
import { frame } from './framing.js';
import { writeHeaders, type Routing } from './headers.js';
import { LONGEST_LIFE_MS } from './opener.js';
import { pad } from './padding.js';
import { encodeParts, type Parts } from './parts.js';
import { SenderContexts } from './sender-contexts.js';

/** A reply is never in a smaller class than this, in bytes: one subject's answer fits, found or none. */
const REPLY_AT_LEAST = 4096;

/** A message before it is sealed. */
export interface ToSeal extends Parts {
  topic: string;
  kind: 'request' | 'reply';
  /** UUID. */
  exchange: string;
  from: string;
  to: string;
  /** Number of the bundle by which it was decided; as in the entry. */
  bundle?: number;
  /** UTC with milliseconds and `Z`; as in the entry. */
  deadline: string;
  /** Bytes that the longest answer to the same question takes under the seal: shorter ones leave in its size class. */
  atLeast?: number;
  /** W3C trace context, passed on unbound. */
  traceparent?: string;
}

/** Leaves and checkpoint of a group commit, for who mirrors the log: an event without entry, deadline or reply. */
export interface TailToSeal {
  topic: string;
  /** The log, `<agency>/<role>/<ordinal>`; also the partition key. */
  origin: string;
  to: string;
  body: Uint8Array;
}

export interface SealerOptions {
  registry: { readonly current: RegistryView };
  /** Milliseconds since the epoch. */
  clock?: () => number;
}

/** Seals messages to the newest registered HPKE key of their receiver. */
export class Sealer {
  private readonly contexts = new SenderContexts();

  constructor(private readonly options: SealerOptions) {}

  /** @throws Problem `transport-unavailable` when the receiver has no HPKE key in force, `body-too-large` */
  async seal(message: ToSeal): Promise<WireMessage> {
    const { topic, kind, exchange, from, to, bundle, deadline, traceparent, atLeast = 0 } = message;
    const said = { topic, kind, exchange, from, to, ...(bundle !== undefined && { bundle }), deadline };
    const padded = pad(encodeParts(message), Math.max(atLeast, kind === 'reply' ? REPLY_AT_LEAST : 0));
    const { headers, value } = await this.sealBytes(said, padded);
    return {
      key: exchange,
      headers: { ...headers, ...(traceparent !== undefined && { traceparent }) },
      value,
    };
  }

  /** @throws Problem as `seal` does */
  async sealTail({ topic, origin, to, body }: TailToSeal): Promise<WireMessage> {
    const from = origin.slice(0, origin.indexOf('/'));
    const deadline = new Date(this.now() + LONGEST_LIFE_MS).toISOString();
    const said = { topic, kind: 'tail' as const, exchange: randomUUID(), from, to, deadline };
    return { key: origin, ...(await this.sealBytes(said, pad(frame([origin, body])))) };
  }

  private async sealBytes(
    said: Omit<Routing, 'receiverKey' | 'enc' | 'nonce'>,
    padded: Buffer,
  ): Promise<Pick<WireMessage, 'headers' | 'value'>> {
    const at = this.now();
    const receiver = this.receiverKey(said.to, at);
    const { enc, key } = await this.contexts.to(receiver, at);
    const routing = { ...said, receiverKey: receiver.id, enc, nonce: unpredictable(NONCE_SIZE) };
    return { headers: writeHeaders(routing, at), value: encrypt(key, routing, padded) };
  }

  private receiverKey(agency: string, at: number): UsableKey {
    const [newest] = this.options.registry.current.hpkeKeys(agency, at);
    if (newest) return newest;
    throw new Problem('transport-unavailable', {
      field: 'to',
      detail: 'the receiver has no HPKE key in force',
    });
  }

  private now(): number {
    return (this.options.clock ?? Date.now)();
  }
}
