import { BaseRpcContext } from '@nestjs/microservices';
import { type Delivery } from './broker.js';

/** What a handler may want to know beside the message: `@Ctx() context: ExchangeContext`. */
export class ExchangeContext extends BaseRpcContext<
  [delivery: Delivery, signal: AbortSignal, traceparent: string]
> {
  /** Where the message stood: topic, partition, offset. */
  get delivery(): Delivery {
    return this.args[0];
  }

  /** Aborts at the question's deadline, and when the server has to stop with work in hand. */
  get signal(): AbortSignal {
    return this.args[1];
  }

  /** W3C traceparent of this hop, continuing the sender's. */
  get traceparent(): string {
    return this.args[2];
  }
}
