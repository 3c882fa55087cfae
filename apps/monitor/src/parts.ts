import { type Pool } from 'pg';
import { type SecurityLog } from '#evidence';
import { type ReplayGuard } from '#identity';
import { type Problem } from '#problem';
import { type RegistryHolder } from '#registry';
import { type RegistryPublisher } from './registry/registry-publisher.js';

/** Injection token of the parts. */
export const MONITOR = Symbol('monitor');

/** What the controllers of the monitor work with. */
export interface MonitorParts {
  pool: Pool;
  registry: RegistryHolder;
  replay: ReplayGuard;
  security: Pick<SecurityLog, 'record'>;
  /** Notes a request that proves nobody, and whom it claims to be from. */
  onRefused: (problem: Problem, claimed?: string) => void;
  publisher: RegistryPublisher;
  clock: () => number;
  /** `host[:port]` values under which the monitor is addressed: what a signature's `@authority` must be. */
  authorities: readonly string[];
}
