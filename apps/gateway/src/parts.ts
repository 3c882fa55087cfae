import { type ReplayGuard } from '#identity';
import { type ExchangeClient } from '#messaging';
import { type AgencyNode } from '#node';
import { type Calls } from './calls/calls.js';
import { type QuotaReports } from './calls/quota-reports.js';
import { type ExchangeStates } from './exchange-states.js';
import { type GatewayObserver } from './observe.js';
import { type LateReplies } from './late-replies.js';
import { type ReleasedValidators } from './released-validators.js';
import { type Smoother } from './smoother.js';

/** Injection token of the parts. */
export const GATEWAY = Symbol('gateway');

/** What the steps of the pipeline and the controllers work with. */
export interface GatewayParts {
  node: AgencyNode;
  client: ExchangeClient;
  replay: ReplayGuard;
  calls: Calls;
  quotas: QuotaReports;
  states: ExchangeStates;
  validators: ReleasedValidators;
  smoother: Smoother;
  late: LateReplies;
  observe: GatewayObserver;
  /** `host[:port]` values under which this gateway is addressed: what a signature's `@authority` must be. */
  authorities: readonly string[];
}
