import { type MessageHandler } from '@nestjs/microservices';
import { type Delivery } from './broker.js';
import { parseEventHeaders } from './headers.js';
import { bury, callHandler, contextOf, type Workbench } from './workbench.js';

/** Events in the order of their partition: one is taken when its handler is done, or it lies in the dead letter. */
export class EventWork {
  constructor(private readonly bench: Workbench) {}

  /** Rejects only when the server stops before the event was handled: it comes again elsewhere. */
  async take(handler: MessageHandler, delivery: Delivery): Promise<void> {
    await this.bench.slots.take();
    try {
      this.bench.counts.taken++;
      await this.#handle(handler, delivery);
    } finally {
      this.bench.slots.release();
    }
  }

  async #handle(handler: MessageHandler, delivery: Delivery): Promise<void> {
    try {
      parseEventHeaders(delivery.headers);
      await callHandler(this.bench, handler, contextOf(delivery, this.bench.stopping));
    } catch (error) {
      await bury(this.bench, delivery, error);
    }
  }
}
