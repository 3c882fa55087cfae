import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Pool } from 'pg';
import { parsePublicLine } from '#evidence';
import { Problem } from '#problem';
import { keyEntryText, type LogKey, type RegistryView } from '#registry';
import { readLine, readLog, type MirroredLog } from '../mirror/log-row.js';
import { type Puller } from '../mirror/puller.js';
import { newestSeen } from '../mirror/seen.js';

export interface LogKeyClosingsOptions {
  pool: Pool;
  puller: Pick<Puller, 'pull'>;
  /** Longest wait for what the mirror lacks, milliseconds; default 15 s. */
  patienceMs?: number;
}

/** A log key that a registry ends, and the one that it has sign from there on. */
interface Closing {
  origin: string;
  toSize: number;
  next?: LogKey;
}

/** A pull that joins one under way may have begun too early: the second has not. */
const PULLS = 2;

/**
 * Holds the ends of log keys against the mirror, before a registry comes in force (ADR 0010). Whoever owns a log can make
 * up another history of it that closes its key earlier, with statement and proof, and would be rid of the receipts beyond:
 * only who has mirrored the log knows which history is the one that all have seen.
 */
export class LogKeyClosings {
  constructor(private readonly options: LogKeyClosingsOptions) {}

  /**
   * Every end of a log key that is not in force yet is where the mirrored log has its `key` entry for the next key; a log
   * that goes on with no key ends where its mirror ends.
   * @throws Problem `registry-invalid` naming the log where the mirror says otherwise, or the log showed two histories;
   *   `transport-unavailable` naming it while the mirror lacks what the log signed: to be tried again
   */
  async hold(offered: RegistryView, inForce: RegistryView): Promise<void> {
    const { patienceMs = 15_000 } = this.options;
    const until = performance.now() + patienceMs;
    for (const closing of newClosings(offered, inForce)) await this.holdOne(closing, until);
  }

  private async holdOne(closing: Closing, until: number): Promise<void> {
    const { origin, toSize, next } = closing;
    const log = await this.mirrored(closing, until);
    if (log.state === 'contradicted') throw refused(origin, 'this log has shown two histories');
    if (next && next.fromSize !== toSize + 1) throw refused(origin, 'no key signs the sizes in between');
    if (next && !(await this.changesTo(next, closing)))
      throw refused(origin, 'the mirrored log does not change to this key at this size');
    if (!next && log.edge.size > toSize)
      throw refused(origin, 'the mirrored log goes on beyond the size at which its last key ends');
  }

  /** The log, once the mirror has all that is closed, and all that anybody reported as signed. */
  private async mirrored({ origin, toSize, next }: Closing, until: number): Promise<MirroredLog> {
    const { pool } = this.options;
    const wanted = Math.max(toSize, await newestSeen(pool, origin));
    if (!next) await this.pull(origin, until); // it may go on
    for (let pulls = 0; ; pulls += 1) {
      const log = await readLog(pool, origin);
      if (log && (log.state === 'contradicted' || log.edge.size >= wanted)) return log;
      if (pulls === PULLS) throw notYet(origin);
      await this.pull(origin, until);
    }
  }

  /** One that takes longer goes on by itself: the next try finds what it brought. */
  private async pull(origin: string, until: number): Promise<void> {
    const stop = new AbortController();
    const late = sleep(Math.max(0, until - performance.now()), undefined, { signal: stop.signal });
    await Promise.race([this.options.puller.pull(origin), late.catch(() => undefined)]);
    stop.abort();
  }

  private async changesTo({ publicKey }: LogKey, { origin, toSize }: Closing): Promise<boolean> {
    const bytes = await readLine(this.options.pool, origin, toSize - 1);
    try {
      const line = bytes && parsePublicLine(bytes, 'log-tampered');
      return line?.kind === 'key' && line.origin === origin && line.to === keyEntryText(origin, publicKey);
    } catch (error) {
      if (error instanceof Problem) return false; // not a line, so not this entry
      throw error;
    }
  }
}

function newClosings(offered: RegistryView, inForce: RegistryView): Closing[] {
  return offered.origins.flatMap((origin) => {
    const before = inForce.logKeys(origin);
    const keys = offered.logKeys(origin);
    return keys.flatMap(({ publicKey, toSize }, i) => {
      const known = before.find((key) => key.publicKey.equals(publicKey));
      const next = keys[i + 1];
      return toSize === undefined || known?.toSize === toSize
        ? []
        : [{ origin, toSize, ...(next && { next }) }];
    });
  });
}

function refused(origin: string, detail: string): Problem {
  return new Problem('registry-invalid', { field: origin, detail });
}

function notYet(origin: string): Problem {
  const detail =
    'the mirror lacks entries that this log signed, up to where its key ends: publish again later';
  return new Problem('transport-unavailable', { field: origin, detail });
}
