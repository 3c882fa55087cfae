import { type Delivery, type DeliveryHandler } from '../broker.js';

/** One consumer: its handler and what it has in hand. */
export class Member {
  readonly #inHand = new Set<Promise<boolean>>();

  constructor(private readonly handler: DeliveryHandler) {}

  /** True when the handler took the record; a handler that throws never harms the bus. */
  async take(delivery: Delivery): Promise<boolean> {
    const taking = this.#call(delivery);
    this.#inHand.add(taking);
    return taking.finally(() => this.#inHand.delete(taking));
  }

  /** Resolves when nothing is in hand. */
  async idle(): Promise<void> {
    await Promise.all(this.#inHand);
  }

  async #call(delivery: Delivery): Promise<boolean> {
    try {
      await this.handler(delivery);
      return true;
    } catch {
      // Not taken: by the port's contract the record comes again.
      return false;
    }
  }
}
