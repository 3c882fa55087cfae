import { Controller, Inject, Module, type DynamicModule } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { type ExchangeContext, type WireMessage } from '#messaging';
import { ADAPTER, type AdapterParts } from './adapter-parts.js';
import { answerQuestion } from './pipeline/index.js';
import { QuotaCare } from './quota-care.js';

/** Where questions arrive. */
@Controller()
class ExchangeController {
  constructor(@Inject(ADAPTER) private readonly parts: AdapterParts) {}

  @MessagePattern('exchange.request')
  answer(@Payload() message: WireMessage, @Ctx() context: ExchangeContext): Promise<WireMessage> {
    return answerQuestion(this.parts, context.delivery.topic, message);
  }
}

/** The transport side of an adapter. */
@Module({})
export class AdapterModule {
  static of(parts: AdapterParts): DynamicModule {
    return {
      module: AdapterModule,
      controllers: [ExchangeController],
      providers: [{ provide: ADAPTER, useValue: parts }, QuotaCare],
    };
  }
}
