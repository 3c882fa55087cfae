import { ENVELOPE_HEADER } from '#envelope';
import { copyEntry, entryBytes, type RecordedEntry } from '#evidence';
import { recordBytes, type LateRoom, type WireMessage } from '#messaging';
import { WaitingList, type Tried } from './waiting-list.js';

/** Replies that wait for one exchange: the true one among what strangers send under its id. */
const MOST_REPLIES = 4;
/** What a place weighs besides its bytes. */
const EACH_BYTES = 1024;
/** Of all room what may be filled with replies that nobody has verified: a disclosure that is verified finds some left. */
const UNVERIFIED_SHARE = 0.75;
const KEPT_HEADERS: readonly string[] = Object.values(ENVELOPE_HEADER);

/** An exchange of which the own log does not say yet that its disclosure came. */
export interface Late {
  readonly exchange: string;
  /** The disclosure, once it is verified. */
  entry?: RecordedEntry;
  /** What may be it; empty once it is verified. */
  replies: WireMessage[];
}

/** Late disclosures, and replies that may be such, on their way into the log: one place for each exchange; bounded. */
export class LateQueue {
  private readonly waiting = new WaitingList<Late>();
  private readonly places = new Map<string, Late>();

  get size(): number {
    return this.waiting.size;
  }

  /** Of the reply the envelope alone is kept. */
  put(exchange: string, until: number, reply: WireMessage): LateRoom {
    const late = this.places.get(exchange) ?? { exchange, replies: [] };
    if (late.entry) return 'taken'; // a copy of what has come
    if (late.replies.length >= MOST_REPLIES) return 'crowded';
    const replies = [...late.replies, envelopeOf(exchange, reply)];
    return this.place(late, until, { replies }, UNVERIFIED_SHARE) ? 'taken' : 'full';
  }

  /** A disclosure that is verified; the bytes that it came in are let go. @returns false: there was no room for it */
  putVerified(exchange: string, until: number, entry: RecordedEntry): boolean {
    const late = this.places.get(exchange) ?? { exchange, replies: [] };
    return this.place(late, until, { entry: copyEntry(entry), replies: [] });
  }

  /** One of its replies is the disclosure: what waits from now on is light. */
  verified(late: Late, entry: RecordedEntry): void {
    this.change(late, { entry: copyEntry(entry), replies: [] });
  }

  /** One of its replies is not. */
  refused(late: Late, reply: WireMessage): void {
    this.change(late, { replies: late.replies.filter((one) => one !== reply) });
  }

  /** Nothing of it is needed any more. */
  settled(late: Late): void {
    this.change(late, { replies: [] });
  }

  /** As `WaitingList.round`. What comes to an exchange after it was done gets a place of its own. */
  async round(
    now: number,
    attempt: (late: Late) => Promise<Tried>,
    expired: (late: Late) => void,
  ): Promise<void> {
    const leaving = async (late: Late): Promise<Tried> => {
      const tried = await attempt(late);
      if (tried !== 'done') return tried;
      if (late.replies.length > 0 && !late.entry) return 'not-yet'; // it came meanwhile
      this.places.delete(late.exchange);
      return tried;
    };
    await this.waiting.round(now, leaving, (late) => {
      this.places.delete(late.exchange);
      expired(late);
    });
  }

  private place(late: Late, until: number, change: Omit<Late, 'exchange'>, share = 1): boolean {
    const bytes = bytesOf(change);
    const hasRoom = this.places.has(late.exchange)
      ? this.waiting.weigh(late, bytes, share)
      : this.waiting.add(late, until, bytes, share);
    if (hasRoom) this.places.set(late.exchange, Object.assign(late, change));
    return hasRoom;
  }

  private change(late: Late, change: Omit<Late, 'exchange'>): void {
    this.waiting.weigh(Object.assign(late, change), bytesOf(late));
  }
}

function bytesOf({ entry, replies }: Omit<Late, 'exchange'>): number {
  const own = EACH_BYTES + (entry ? entryBytes(entry) : 0);
  return replies.reduce((sum, reply) => sum + recordBytes(reply), own);
}

/** What a stranger wrote beside it is not kept. */
function envelopeOf(exchange: string, { headers, value }: WireMessage): WireMessage {
  const kept = Object.entries(headers).filter(([name]) => KEPT_HEADERS.includes(name));
  return { key: exchange, headers: Object.fromEntries(kept), value };
}
