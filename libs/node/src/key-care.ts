import { type Logger } from '#observability';
import { destroyEndedHpke, type KeyStore, type RegistryHolder } from '#registry';

const EVERY_MS = 60 * 60_000;

interface Keeping {
  keys: KeyStore;
  registry: RegistryHolder;
  clock: () => number;
  logger: Logger;
}

/**
 * Keeps a running process in step with its key store: keys that a registry has just put in force are read at once, and HPKE
 * keys past their time are destroyed, so that what was sealed to them opens no more (design: Sealed).
 */
export function careForKeys(keeping: Keeping): { stop(): void } {
  const ended = keeping.registry.onChange(() => tend(keeping));
  const timer = setInterval(() => tend(keeping), EVERY_MS).unref();
  return {
    stop: () => {
      ended();
      clearInterval(timer);
    },
  };
}

function tend({ keys, registry, clock, logger }: Keeping): void {
  try {
    keys.reload();
    for (const key of destroyEndedHpke(keys, clock(), registry.current))
      logger.info('HPKE key destroyed', { key });
  } catch (error) {
    logger.error('key store cannot be read', {}, error);
  }
}
