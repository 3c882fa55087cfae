import { type KeyObject } from 'node:crypto';
import { Problem } from '#problem';
import { type UsableKey } from '#registry';
import { sendTo } from './hpke.js';

/** How long one HPKE context is used for one receiver (design: Sealed). */
export const CONTEXT_LIFE_MS = 10 * 60_000;

interface Context {
  made: number;
  secret: Promise<{ enc: Buffer; key: KeyObject }>;
}

/** This process's contexts: one per receiver's key and ten minutes, shared by all messages of that time. */
export class SenderContexts {
  private readonly contexts = new Map<string, Context>();

  /**
   * @param at milliseconds since the epoch
   * @throws Problem `transport-unavailable` when nothing can be sealed to the registered key
   */
  to(receiver: UsableKey, at: number): Promise<{ enc: Buffer; key: KeyObject }> {
    const id = `${receiver.id} ${receiver.publicKey}`;
    const held = this.contexts.get(id);
    if (held && Math.abs(at - held.made) < CONTEXT_LIFE_MS) return held.secret;
    this.forgetUntil(at - CONTEXT_LIFE_MS);
    const secret = sendTo({ agency: receiver.agency, keyId: receiver.id }, receiver.keyObject);
    this.contexts.set(id, { made: at, secret });
    return secret.catch((cause: unknown) => {
      this.contexts.delete(id);
      throw new Problem('transport-unavailable', { field: 'receiver-key', cause });
    });
  }

  private forgetUntil(moment: number): void {
    for (const [id, { made }] of this.contexts) if (made <= moment) this.contexts.delete(id);
  }
}
