import { type LoggerService } from '@nestjs/common';
import { type Logger } from './logger.js';

/** Nest's own words go to the same log. Its messages are free text, so only warnings and errors pass, as their context. */
export function nestLogger(logger: Logger): LoggerService {
  const contextOf = (params: unknown[]): string => {
    const last = params.at(-1);
    return typeof last === 'string' ? last.replace(/[^A-Za-z0-9]/g, '.') : 'nest';
  };
  return {
    log: () => undefined,
    debug: () => undefined,
    verbose: () => undefined,
    warn: (_message: unknown, ...params: unknown[]) =>
      logger.warn('framework warning', { step: contextOf(params) }),
    error: (message: unknown, ...params: unknown[]) =>
      logger.error(
        'framework error',
        { step: contextOf(params) },
        message instanceof Error ? message : undefined,
      ),
    fatal: (_message: unknown, ...params: unknown[]) =>
      logger.error('framework failure', { step: contextOf(params) }),
  };
}
