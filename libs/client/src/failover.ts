import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayError, type Attempt } from './gateway-error.js';
import { retryAfter } from './retry.js';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/** How one call looks at one address. Times are of the monotonic clock, milliseconds. */
interface Standing {
  gateway: string;
  notBefore: number;
  failures: number;
}

/** Brings a call to the first gateway that takes it, beginning with the one that took the last. */
export class Failover {
  private preferred = 0;

  constructor(
    private readonly gateways: readonly string[],
    private readonly onRetry: (attempt: Attempt) => void,
  ) {}

  /**
   * Calls `attempt` with one address after the other, each left alone for as long as it asks (`Retry-After`) or a growing
   * pause, until one answers or `timeoutMs` are over.
   * @throws GatewayError the first that is not a gateway's passing trouble, else the last; with all attempts
   */
  async first<T>(timeoutMs: number, attempt: (gateway: string, leftMs: number) => Promise<T>): Promise<T> {
    const end = performance.now() + timeoutMs;
    const standings = this.inOrder();
    const attempts: Attempt[] = [];
    for (let last: GatewayError | undefined; ;) {
      const next = soonest(standings);
      if (next.notBefore >= end)
        throw last ?? GatewayError.local('gateway-timeout', 'no time for an attempt');
      await sleep(Math.max(0, next.notBefore - performance.now()));
      try {
        const result = await attempt(next.gateway, Math.max(1, end - performance.now()));
        this.preferred = this.gateways.indexOf(next.gateway);
        return result;
      } catch (error) {
        last = this.failed(error, next, attempts);
      }
    }
  }

  private inOrder(): Standing[] {
    const turned = [...this.gateways.slice(this.preferred), ...this.gateways.slice(0, this.preferred)];
    return turned.map((gateway) => ({ gateway, notBefore: 0, failures: 0 }));
  }

  /** Notes a failed attempt; rethrows what no other attempt can mend. */
  private failed(error: unknown, standing: Standing, attempts: Attempt[]): GatewayError {
    if (!(error instanceof GatewayError)) throw error;
    const { gateway } = standing;
    const made = {
      gateway,
      problem: error.problem ?? error.document.type,
      ...(error.detail !== undefined && { detail: error.detail }),
    };
    attempts.push(made);
    error.attempts = attempts;
    const retry = retryAfter(error);
    if (!retry) throw error;
    standing.failures += 1;
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** (standing.failures - 1), LONGEST_PAUSE_MS);
    standing.notBefore = performance.now() + Math.max(retry.waitMs, pause);
    this.onRetry(made);
    return error;
  }
}

/** The address that may be asked first; of several that may be asked now, the one that stands first. */
function soonest(standings: readonly Standing[]): Standing {
  const now = performance.now();
  return (
    standings.find(({ notBefore }) => notBefore <= now) ??
    standings.reduce((best, other) => (other.notBefore < best.notBefore ? other : best))
  );
}
