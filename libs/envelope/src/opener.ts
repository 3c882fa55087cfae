import { parsePrivateLine, parsePublicLine, type PrivateLine, type PublicLine } from '#evidence';
import { type WireMessage } from '#messaging';
import { Problem } from '#problem';
import { type RegistryView } from '#registry';
import { decrypt } from './aead.js';
import { unframe } from './framing.js';
import { changed, readHeaders, type Routing } from './headers.js';
import { unpad } from './padding.js';
import { decodeParts, type Parts } from './parts.js';
import { ReceiverContexts, type HpkeKeys } from './receiver-contexts.js';

/** design, Binding: `deadline ≤ at + 10 min`. */
export const LONGEST_LIFE_MS = 10 * 60_000;
/** How far a sender's clock may be ahead of ours (design: clock). */
const SKEW_MS = 60_000;

/** An opened message: its headers are now known to be the sealer's; that the entry is in its log is still to be verified. */
export interface Opened extends Parts, Omit<Routing, 'kind' | 'enc' | 'nonce' | 'receiverKey'> {
  kind: 'request' | 'reply';
  publicLine: PublicLine;
  /** Absent when the sender kept it back. */
  privateLine?: PrivateLine;
}

/** An opened tail; nothing in it is verified yet. */
export interface OpenedTail {
  origin: string;
  from: string;
  body: Buffer;
}

export interface OpenerOptions {
  /** The node's own keys, and by them the agency that it belongs to. */
  keys: HpkeKeys & { readonly agency: string };
  registry: { readonly current: RegistryView };
  /** Milliseconds since the epoch. */
  clock?: () => number;
}

/** Opens messages sealed to this node. */
export class Opener {
  private readonly contexts: ReceiverContexts;

  constructor(private readonly options: OpenerOptions) {
    this.contexts = new ReceiverContexts(options.keys);
  }

  /**
   * @param topic where the message was found
   * @param lateMs how long after its deadline it is still of use; a question, and a reply that somebody waits for: not at all
   * @throws Problem `envelope-version`, `envelope-changed`, `envelope-moved` (other topic, other receiver),
   * `envelope-expired` (deadline over, or more than 10 min after the entry), `envelope-spliced` (a line that is none),
   * `entry-not-in-log` (a proof that is none), `sender-unknown` (agency or log not registered)
   */
  async open(topic: string, wire: WireMessage, lateMs = 0): Promise<Opened> {
    const { routing, content } = await this.unseal(topic, wire, lateMs);
    const { enc: _enc, nonce: _nonce, receiverKey: _key, kind, ...said } = routing;
    if (kind === 'tail') throw changed('ce_type');
    const parts = decodeParts(content);
    const publicLine = parsePublicLine(parts.entry.publicLine);
    this.requireOwnLog(said.from, publicLine.origin);
    this.requireLife(said.deadline, publicLine.at);
    const { privateLine } = parts.entry;
    return {
      ...said,
      ...parts,
      kind,
      publicLine,
      ...(privateLine && { privateLine: parsePrivateLine(privateLine) }),
    };
  }

  /** @throws Problem as `open` does, without what concerns an entry */
  async openTail(topic: string, wire: WireMessage): Promise<OpenedTail> {
    const { routing, content } = await this.unseal(topic, wire);
    if (routing.kind !== 'tail') throw changed('ce_type');
    const [origin, body] = unframe(content, 2) as [Buffer, Buffer];
    this.requireOwnLog(routing.from, origin.toString());
    return { origin: origin.toString(), from: routing.from, body };
  }

  private async unseal(
    topic: string,
    wire: WireMessage,
    lateMs = 0,
  ): Promise<{ routing: Routing; content: Buffer }> {
    const routing = readHeaders(wire.headers);
    this.requireAddress(topic, routing);
    if (this.now() > Date.parse(routing.deadline) + lateMs)
      throw new Problem('envelope-expired', { field: 'deadline' });
    if (!this.options.registry.current.agency(routing.from))
      throw new Problem('sender-unknown', { field: 'from' });
    const key = await this.contexts.keyFor(routing);
    const plaintext = decrypt(key, routing, wire.value);
    this.contexts.keep(routing, key);
    return { routing, content: unpad(plaintext) };
  }

  private requireAddress(topic: string, routing: Routing): void {
    if (routing.topic !== topic) throw new Problem('envelope-moved', { field: 'topic' });
    if (routing.to !== this.options.keys.agency) throw new Problem('envelope-moved', { field: 'to' });
  }

  private requireLife(deadline: string, at: string): void {
    const recorded = Date.parse(at);
    const tooLong = Date.parse(deadline) > recorded + LONGEST_LIFE_MS;
    if (tooLong || recorded > this.now() + SKEW_MS) throw new Problem('envelope-expired', { field: 'at' });
  }

  private requireOwnLog(from: string, origin: string): void {
    if (this.options.registry.current.logOwner(origin) !== from)
      throw new Problem('sender-unknown', { field: 'origin' });
  }

  private now(): number {
    return (this.options.clock ?? Date.now)();
  }
}
