import { type KeyObject } from 'node:crypto';
import { changed, type Routing } from './headers.js';
import { receiveFrom } from './hpke.js';

/** Where a node's HPKE private keys are; undefined for one that never was ours or has been destroyed. */
export interface HpkeKeys {
  hpkeKey(id: string): KeyObject | undefined;
}

/** Contexts of senders kept: every sending process has one per ten minutes. */
const KEPT = 4096;

/**
 * The exported keys of contexts made for us. A context is kept only after a message opened with it, so that made-up ones
 * cost their own work and push nobody out; it is of no use any more once our private key has been destroyed.
 */
export class ReceiverContexts {
  private readonly kept = new Map<string, KeyObject>();
  private readonly underWay = new Map<string, Promise<KeyObject>>();

  constructor(private readonly keys: HpkeKeys) {}

  /** @throws Problem `envelope-changed` when we do not hold the key or the encapsulated key is no point of use */
  async keyFor(routing: Routing): Promise<KeyObject> {
    const privateKey = this.keys.hpkeKey(routing.receiverKey);
    if (privateKey === undefined) {
      this.forget(routing.receiverKey);
      throw changed('receiver-key');
    }
    const id = nameOf(routing);
    return this.kept.get(id) ?? this.underWay.get(id) ?? this.derive(id, routing, privateKey);
  }

  /** Keeps the key of a context that a message has just been opened with; the one not used longest goes. */
  keep(routing: Routing, key: KeyObject): void {
    const id = nameOf(routing);
    this.kept.delete(id);
    this.kept.set(id, key);
    if (this.kept.size > KEPT) this.kept.delete(this.kept.keys().next().value!);
  }

  /** What was exported under a destroyed key goes with it. */
  private forget(receiverKey: string): void {
    for (const id of this.kept.keys()) if (id.startsWith(`${receiverKey} `)) this.kept.delete(id);
  }

  private derive(id: string, routing: Routing, privateKey: KeyObject): Promise<KeyObject> {
    const receiver = { agency: routing.to, keyId: routing.receiverKey };
    const derived = receiveFrom(receiver, privateKey, routing.enc)
      .catch((cause: unknown) => {
        throw changed('enc', cause);
      })
      .finally(() => this.underWay.delete(id));
    this.underWay.set(id, derived);
    return derived;
  }
}

function nameOf({ receiverKey, enc, to }: Routing): string {
  return `${receiverKey} ${to} ${enc.toString('base64')}`;
}
