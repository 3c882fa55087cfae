import { type KeyObject } from 'node:crypto';
import { type Contracts } from '#contracts';
import { type LogReader } from '#evidence';
import { type ReplayGuard } from '#identity';
import { type Problem } from '#problem';
import { type Logger } from '#observability';
import { type RegistryHolder } from '#registry';
import { type AccessBook } from './search/access-book.js';

/** Injection token of the parts. */
export const AUDIT = Symbol('audit');

/** What the controllers of an audit server work with. */
export interface AuditParts {
  /** The agency whose node this is: it sees everything of its own. */
  agency: string;
  /** Agencies that may search and read entries besides the owner. */
  auditors: ReadonlySet<string>;
  reader: LogReader;
  registry: RegistryHolder;
  replay: ReplayGuard;
  /** Notes a request that proves nobody, and whom it claims to be from. */
  onRefused: (problem: Problem, claimed?: string) => void;
  contracts: Contracts;
  access: AccessBook;
  logger: Logger;
  clock: () => number;
  /** Secret under which persons are committed to. */
  epochKey: KeyObject;
  synthetic: 'accept' | 'refuse';
  /** `host[:port]` values under which this server is addressed: what a signature's `@authority` must be. */
  authorities: readonly string[];
}
