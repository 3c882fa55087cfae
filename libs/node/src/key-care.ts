import { destroyEndedHpke } from '#registry';
import { rotateAndApply, type HpkeKeeping } from './hpke-care.js';

const EVERY_MS = 60 * 60_000;

/**
 * Keeps a running process in step with its key store, at its start, each hour and with each registry: keys that a registry
 * has just put in force are read at once, the next HPKE key is made and its registration written, and HPKE keys past their
 * time are destroyed, so that what was sealed to them opens no more (design: Sealed).
 */
export function careForKeys(keeping: HpkeKeeping): { stop(): void } {
  tend(keeping);
  const ended = keeping.registry.onChange(() => tend(keeping));
  const timer = setInterval(() => tend(keeping), EVERY_MS).unref();
  return {
    stop: () => {
      ended();
      clearInterval(timer);
    },
  };
}

function tend(keeping: HpkeKeeping): void {
  const { keys, registry, clock, logger } = keeping;
  try {
    keys.reload();
    for (const key of destroyEndedHpke(keys, clock(), registry.current))
      logger.info('HPKE key destroyed', { key });
    rotateAndApply(keeping);
  } catch (error) {
    logger.error('keys cannot be tended', {}, error);
  }
}
