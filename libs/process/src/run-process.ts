import { defineConfig, type Setting } from '#config';
import { startTracing, type Logger, type Metrics } from '#observability';
import { Problem } from '#problem';
import { makeOutfit, type Outfit, type Role } from './outfit.js';
import { processSettings, type ProcessSettings } from './settings.js';

export { type Outfit } from './outfit.js';

/** What a start gives back. */
export interface Running {
  /** Where it is served, if it is. */
  url?: string;
  metrics?: Metrics;
  close(): Promise<void>;
}

/** Exit codes as in sysexits.h: a supervisor starts again after any but the first. */
const EXIT = { config: 78, unavailable: 69, software: 70 } as const;
/** An orderly end may take this long: requests and work in hand are finished. */
const CLOSE_MS = 20_000;

/**
 * Runs one process of a node from its environment until it is told to stop: SIGTERM, SIGINT, or the end of the parent that
 * talks to it. It fails at once and says why (78: settings; 69: what it needs is not there or has gone; 70: a fault of
 * ours) instead of running on as half a process. A parent is told `{ready: {url}}` when it is.
 * @param own settings of this kind of process, beside those of every one
 */
export function runProcess<T>(
  role: Role,
  own: { [K in keyof T]: Setting },
  start: (outfit: Outfit<T>) => Promise<Running>,
): Promise<void> {
  const ending = new Ending();
  const starting = open(role, own, start, ending);
  ending.starting = starting;
  return starting.catch((error: unknown) => ending.fail(error));
}

async function open<T>(
  role: Role,
  own: { [K in keyof T]: Setting },
  start: (outfit: Outfit<T>) => Promise<Running>,
  ending: Ending,
): Promise<void> {
  const all = { ...processSettings, ...own };
  const settings = defineConfig<ProcessSettings & T>(role, all).load();
  const { outfit, broker, logger } = await makeOutfit(role, settings, (error) => void ending.fail(error));
  ending.logger = logger;
  ending.opened.defer(() => broker.close());
  await trace(role, settings, logger, ending);
  const running = await start(outfit);
  running.metrics?.withProcess();
  ending.opened.defer(() => running.close());
  logger.info('ready', { ...(running.url !== undefined && { url: running.url }) });
  process.send?.({ ready: { url: running.url } });
}

/** Closed after the node and before the broker: what its last work was is sent, too. */
async function trace(role: Role, settings: ProcessSettings, logger: Logger, ending: Ending): Promise<void> {
  const { otlpEndpoint: endpoint, otlpSampling: sampling, agency, ordinal } = settings;
  if (endpoint === '') return;
  const tracing = await startTracing({ endpoint, sampling, agency, role, ordinal, logger });
  ending.opened.defer(() => tracing.shutdown());
}

/** How the process ends, once, whatever asks for it first. */
class Ending {
  readonly opened = new AsyncDisposableStack();
  logger: Logger | undefined;
  /** Told to stop while it starts, a process first finishes starting: what it has opened by then can be closed in order. */
  starting: Promise<void> | undefined;
  private ending: Promise<void> | undefined;

  constructor() {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void this.end(0));
    if (process.channel) process.once('disconnect', () => void this.end(0));
    process.once('uncaughtException', (error) => void this.fail(error));
    process.once('unhandledRejection', (error) => void this.fail(error));
  }

  /** Says why on standard error, in one line without data, and ends. */
  fail(error: unknown): Promise<void> {
    const detail = error instanceof Problem ? (error.detail ?? error.toDocument().title) : undefined;
    if (detail !== undefined) process.stderr.write(`${detail}\n`);
    this.logger?.error('process ends', {}, error);
    if (!this.logger && detail === undefined) console.error(error);
    return this.end(exitCodeOf(error));
  }

  private end(code: number): Promise<void> {
    this.ending ??= this.close(code);
    return this.ending;
  }

  private async close(code: number): Promise<void> {
    setTimeout(() => process.exit(EXIT.software), CLOSE_MS).unref();
    try {
      await Promise.allSettled([this.starting]);
      await this.opened.disposeAsync();
    } catch (error) {
      this.logger?.error('not everything closed', {}, error);
      process.exit(code || EXIT.software);
    }
    process.exit(code);
  }
}

function exitCodeOf(error: unknown): number {
  if (!(error instanceof Problem)) return EXIT.software;
  if (error.problem === 'config-invalid') return EXIT.config;
  return error.problem === 'internal' ? EXIT.software : EXIT.unavailable;
}
