import { type Contracts } from '#contracts';
import { type Database } from '#database';
import { Problem, type ProblemName } from '#problem';
import { type RegistryHolder } from '#registry';
import { buildTable, openBundle, refuseLeap, schemeKeyName, type Bundle, type GrantTable } from '#sharing';
import { noteVerifier } from '#tlog';
import { newestRecorded } from './scheme-entries.js';

/** The bundle of one provider that is in force at this node. */
export interface ActiveBundle {
  number: number;
  note: string;
  bundle: Bundle;
  table: GrantTable;
}

export interface BundlesOptions {
  /** The node's own agency, whose logs record which of its bundles were put in force. */
  agency: string;
  database: Pick<Database, 'pool'>;
  registry: RegistryHolder;
  contracts: Pick<Contracts, 'contracts'>;
  clock: () => number;
  /** Told of every row of the database that is not believed. */
  onRefused: (provider: string, problem: ProblemName) => void;
}

/**
 * The bundles in force at a node: its own, which decides, and the other providers', by which its gateway refuses early.
 * The database holds the signed notes; a lower number or a foreign signature is refused whoever delivers it, and whoever
 * wrote it into the database.
 */
export class Bundles {
  private readonly held = new Map<string, ActiveBundle>();
  /** Highest number of the own agency's bundles that its logs knew of at the start. */
  private recorded = 0;

  constructor(private readonly options: BundlesOptions) {}

  /**
   * Reads what is in force from the database; every process of the node does so at its start. A row whose signature no
   * longer holds, or that is older than what the own logs record, grants nothing until its provider publishes again.
   */
  async load(): Promise<void> {
    const { agency, database } = this.options;
    this.recorded = await newestRecorded(database, agency);
    const { rows } = await database.pool.query<{ provider: string; note: string }>(
      'select provider, note from active_bundle',
    );
    for (const { provider, note } of rows) this.tryHold(provider, note, this.newest(provider));
  }

  active(provider: string): ActiveBundle | undefined {
    return this.held.get(provider);
  }

  /** Highest number known to have been published, also when it grants nothing now; 0: none. */
  newest(provider: string): number {
    const recorded = provider === this.options.agency ? this.recorded : 0;
    return Math.max(recorded, this.held.get(provider)?.number ?? 0);
  }

  /**
   * Whether a signed bundle may be put in force, without doing it; the one in force may be again.
   * @throws Problem `bundle-signature`, `bundle-signer`, `bundle-rollback`, `bundle-invalid`
   */
  check(provider: string, note: string): ActiveBundle {
    const before = this.held.get(provider);
    if (before?.note === note) return before;
    const offered = this.activeOf(provider, note, this.newest(provider));
    if (offered.number === before?.number)
      throw new Problem('bundle-rollback', { detail: 'same number, other content' });
    return offered;
  }

  /**
   * As `check`, for a bundle that its agency brings to its own node: there its number may not leap either.
   * @throws Problem `bundle-number`, or as `check`
   */
  checkNext(provider: string, note: string): ActiveBundle {
    const offered = this.check(provider, note);
    if (offered !== this.held.get(provider)) refuseLeap(offered.bundle, this.newest(provider));
    return offered;
  }

  /**
   * Takes a signed bundle from whoever delivers it. True when it is now in force, false when it already was.
   * The database's row is the lock: a disclosure recorded after this statement is bound by the new bundle.
   * @throws Problem as `check`
   */
  async offer(provider: string, note: string): Promise<boolean> {
    const offered = this.check(provider, note);
    if (offered === this.held.get(provider)) return false;
    const { number } = offered;
    const { rowCount } = await this.options.database.pool.query(
      `insert into active_bundle (provider, number, note) values ($1, $2, $3)
       on conflict (provider) do update set number = excluded.number, note = excluded.note, since = now()
       where active_bundle.number < excluded.number or active_bundle.note = excluded.note`,
      [provider, number, note],
    );
    if (rowCount === 0) throw new Problem('bundle-rollback', { detail: 'a newer bundle is in force' });
    this.hold(provider, offered);
    return true;
  }

  /**
   * Reads this provider's row again: another process of the node may have taken a newer bundle meanwhile.
   * @throws Problem `bundle-signature`, `bundle-rollback` when the row was tampered with: nothing is granted by it, nor,
   *   as the row binds every disclosure, by the one held
   */
  async refresh(provider: string): Promise<void> {
    const atLeast = this.newest(provider); // of now: another may be offered while the row is read
    const { rows } = await this.options.database.pool.query<{ note: string }>(
      'select note from active_bundle where provider = $1',
      [provider],
    );
    const [row] = rows;
    if (row && row.note !== this.held.get(provider)?.note) this.holdStored(provider, row.note, atLeast);
  }

  private tryHold(provider: string, note: string, atLeast: number): void {
    try {
      this.holdStored(provider, note, atLeast);
    } catch (error) {
      if (!(error instanceof Problem)) throw error; // else `holdStored` has told
    }
  }

  private holdStored(provider: string, note: string, atLeast: number): void {
    try {
      this.hold(provider, this.activeOf(provider, note, atLeast));
    } catch (error) {
      if (error instanceof Problem) this.options.onRefused(provider, error.problem);
      throw error;
    }
  }

  private hold(provider: string, active: ActiveBundle): void {
    if ((this.held.get(provider)?.number ?? 0) < active.number) this.held.set(provider, active);
  }

  /** Whatever is wrong with a bundle shows here, before the database's row is touched: the last good one stays. */
  private activeOf(provider: string, note: string, atLeast: number): ActiveBundle {
    const bundle = this.open(provider, note, atLeast);
    return {
      number: bundle.number,
      note,
      bundle,
      table: buildTable(bundle, this.options.contracts.contracts),
    };
  }

  private open(provider: string, note: string, atLeast: number): Bundle {
    const { registry, clock } = this.options;
    const keys = registry.current.schemeKeys(provider, clock());
    const verifiers = keys.map(({ keyObject }) => noteVerifier(schemeKeyName(provider), keyObject));
    return openBundle(note, { provider, verifiers, atLeast });
  }
}
