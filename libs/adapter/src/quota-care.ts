import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { shanghaiDay } from '#identifiers';
import { ADAPTER, type AdapterParts } from './adapter-parts.js';

const DAY_MS = 86_400_000;
const EVERY_MS = 60 * 60_000;

/**
 * Forgets the quota counters of days before yesterday, once a day: who was asked about how often is kept no longer than
 * it counts (yesterday's, because clocks of a node differ).
 */
@Injectable()
export class QuotaCare implements OnModuleInit, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private done = '';

  constructor(@Inject(ADAPTER) private readonly parts: Pick<AdapterParts, 'quota' | 'node'>) {}

  onModuleInit(): Promise<void> {
    this.timer = setInterval(() => void this.tend(), EVERY_MS).unref();
    return this.tend();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Does what is due; a failure is said and tried again an hour later. */
  async tend(): Promise<void> {
    const { quota, node } = this.parts;
    const yesterday = shanghaiDay(node.clock() - DAY_MS);
    if (this.done === yesterday) return;
    try {
      await quota.forgetBefore(yesterday);
      this.done = yesterday;
    } catch (error) {
      node.logger.warn('old quota counters are still there', {}, error);
    }
  }
}
