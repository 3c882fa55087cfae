import { type WireMessage } from './message.js';
import { Slots } from './slots.js';

/** Looked at together: few, or those that wait for an answer would wait for these. */
const AT_A_TIME = 4;
/** What those that wait for their turn may weigh together, in bytes; more is dropped. */
const MOST_BYTES = 32 * 1024 * 1024;
/** What a reply weighs besides its body. */
const EACH_BYTES = 8 * 1024;

/** Takes a reply that belongs to no open question; `earlier`: it came while nobody read. What it throws is reported. */
export type LateHandler = (reply: WireMessage, earlier: boolean) => void | Promise<void>;

/**
 * Replies that nobody waits for any more, a few at a time and beside those that somebody does wait for. What comes now and
 * finds no room is dropped; what is read from before waits for its turn.
 */
export class LateReplies {
  readonly #slots = new Slots(AT_A_TIME);
  #bytes = 0;

  constructor(
    private readonly handler: LateHandler,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Never waits, never throws. @returns whether there was room for it */
  offer(reply: WireMessage): boolean {
    const bytes = reply.value.byteLength + EACH_BYTES;
    if (this.#bytes + bytes > MOST_BYTES) return false;
    this.#bytes += bytes;
    const done = (): void => void (this.#bytes -= bytes);
    void this.#slots.take().then(() => this.#handle(reply, false).finally(done), done);
    return true;
  }

  /** Resolves when its turn has come. @throws Problem `shutting-down` */
  async put(reply: WireMessage): Promise<void> {
    await this.#slots.take();
    void this.#handle(reply, true);
  }

  /** Takes nothing more; resolves when nothing is in hand. */
  async close(): Promise<void> {
    this.#slots.close();
    await this.#slots.idle();
  }

  async #handle(reply: WireMessage, earlier: boolean): Promise<void> {
    try {
      await this.handler(reply, earlier);
    } catch (error) {
      this.failed(error);
    } finally {
      this.#slots.release();
    }
  }
}
