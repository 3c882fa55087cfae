import { type Contracts } from '#contracts';
import { type Database } from '#database';
import { Problem } from '#problem';
import { type RegistryHolder } from '#registry';
import { buildTable, openBundle, schemeKeyName, type Bundle, type GrantTable } from '#sharing';
import { noteVerifier } from '#tlog';

/** The bundle of one provider that is in force at this node. */
export interface ActiveBundle {
  number: number;
  note: string;
  bundle: Bundle;
  table: GrantTable;
}

/**
 * The bundles in force at a node: its own, which decides, and the other providers', by which its gateway refuses early.
 * The database holds the signed notes; a lower number or a foreign signature is refused whoever delivers it.
 */
export class Bundles {
  private readonly held = new Map<string, ActiveBundle>();

  constructor(
    private readonly database: Database,
    private readonly registry: RegistryHolder,
    private readonly contracts: Contracts,
    private readonly clock: () => number,
  ) {}

  /**
   * Reads what is in force from the database; every process of the node does so at its start. A row whose signature no
   * longer holds grants nothing until its provider publishes again.
   * @returns the providers whose bundle was refused
   */
  async load(): Promise<string[]> {
    const { rows } = await this.database.pool.query<{ provider: string; note: string }>(
      'select provider, note from active_bundle',
    );
    return rows.filter(({ provider, note }) => !this.tryHold(provider, note)).map(({ provider }) => provider);
  }

  active(provider: string): ActiveBundle | undefined {
    return this.held.get(provider);
  }

  /**
   * Takes a signed bundle from whoever delivers it. True when it is now in force, false when it already was.
   * The database's row is the lock: a disclosure recorded after this statement is bound by the new bundle.
   * @throws Problem `bundle-signature`, `bundle-signer`, `bundle-rollback`, `bundle-invalid`
   */
  async offer(provider: string, note: string): Promise<boolean> {
    const before = this.held.get(provider);
    if (before?.note === note) return false;
    const offered = this.activeOf(provider, note, this.numberOf(provider));
    const { number } = offered;
    if (number === before?.number)
      throw new Problem('bundle-rollback', { detail: 'same number, other content' });
    const { rowCount } = await this.database.pool.query(
      `insert into active_bundle (provider, number, note) values ($1, $2, $3)
       on conflict (provider) do update set number = excluded.number, note = excluded.note, since = now()
       where active_bundle.number < excluded.number or active_bundle.note = excluded.note`,
      [provider, number, note],
    );
    if (rowCount === 0) throw new Problem('bundle-rollback', { detail: 'a newer bundle is in force' });
    if (this.numberOf(provider) < number) this.held.set(provider, offered);
    return true;
  }

  /**
   * Reads this provider's row again: another process of the node may have taken a newer bundle meanwhile.
   * @throws Problem `bundle-signature` when the row was tampered with
   */
  async refresh(provider: string): Promise<void> {
    const { rows } = await this.database.pool.query<{ note: string }>(
      'select note from active_bundle where provider = $1',
      [provider],
    );
    const [row] = rows;
    if (row && row.note !== this.held.get(provider)?.note) this.hold(provider, row.note);
  }

  /** 0: none was ever in force. */
  private numberOf(provider: string): number {
    return this.held.get(provider)?.number ?? 0;
  }

  private tryHold(provider: string, note: string): boolean {
    try {
      this.hold(provider, note);
      return true;
    } catch (error) {
      if (error instanceof Problem) return false;
      throw error;
    }
  }

  private hold(provider: string, note: string): void {
    this.held.set(provider, this.activeOf(provider, note, 0));
  }

  /** Whatever is wrong with a bundle shows here, before the database's row is touched: the last good one stays. */
  private activeOf(provider: string, note: string, atLeast: number): ActiveBundle {
    const bundle = this.open(provider, note, atLeast);
    return { number: bundle.number, note, bundle, table: buildTable(bundle, this.contracts.contracts) };
  }

  private open(provider: string, note: string, atLeast: number): Bundle {
    const keys = this.registry.current.schemeKeys(provider, this.clock());
    const verifiers = keys.map(({ keyObject }) => noteVerifier(schemeKeyName(provider), keyObject));
    return openBundle(note, { provider, verifiers, atLeast });
  }
}
