import { type SeenMessages } from '#envelope';
import { type AgencyNode } from '#node';
import { type Quota } from '#quota';
import { type AdapterObserver } from './observe.js';
import { type QueryHandler } from './query-handler.js';
import { type Repeats } from './repeats.js';
import { type SourceGuard } from './source-guard.js';

/** Injection token of the parts. */
export const ADAPTER = Symbol('adapter');

/** What the steps of the pipeline work with. */
export interface AdapterParts {
  node: AgencyNode;
  /** By query id. */
  handlers: ReadonlyMap<string, QueryHandler>;
  guard: SourceGuard;
  quota: Quota;
  repeats: Repeats;
  seen: SeenMessages;
  observe: AdapterObserver;
}
