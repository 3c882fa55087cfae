import { type Database } from '#database';
import { type QuotaLeft, type QuotaState } from '#exchange';
import { shanghaiDay } from '#identifiers';
import { type AgencyNode } from '#node';

interface Report {
  provider: string;
  query: string;
  purpose: string;
  used: string;
  at: Date;
}

/**
 * Keeps what providers report of their quotas with their answers. The provider's database is the authority; this is its
 * last word, and says when that was.
 */
export class QuotaReports {
  private readonly waiting = new Map<string, unknown[]>();

  constructor(
    private readonly node: AgencyNode,
    private readonly database: Database,
  ) {}

  report(provider: string, query: string, purpose: string, { perDay }: QuotaLeft): void {
    const at = new Date(this.node.clock());
    const row = [provider, query, purpose, shanghaiDay(at.getTime()), perDay.limit, perDay.used, at];
    this.waiting.set([provider, query, purpose].join(' '), row);
  }

  /** Writes what was reported since the last time; the gateway calls this on a timer. */
  async flush(): Promise<void> {
    for (const [grant, row] of [...this.waiting]) {
      await this.database.pool.query(
        `insert into quota_report (provider, query, purpose, day, day_limit, used, at) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (provider, query, purpose) do update
           set day = excluded.day, day_limit = excluded.day_limit, used = excluded.used, at = excluded.at
           where quota_report.at <= excluded.at`,
        row,
      );
      if (this.waiting.get(grant) === row) this.waiting.delete(grant); // a newer one may have come meanwhile
    }
  }

  async all(): Promise<QuotaState[]> {
    await this.flush();
    const { rows } = await this.database.pool.query<Report>(
      'select provider, query, purpose, used, at from quota_report where day = $1',
      [shanghaiDay(this.node.clock())],
    );
    const reports = new Map(rows.map((row) => [[row.provider, row.query, row.purpose].join(' '), row]));
    return this.grants().map(({ key, state }) => withReport(state, reports.get(key)));
  }

  private grants(): { key: string; state: QuotaState }[] {
    const { agency, bundles, registry } = this.node;
    return registry.current.agencies.flatMap((provider) => {
      const active = bundles.active(provider.id);
      if (!active) return [];
      const { table, number: bundle } = active;
      return [table.byAgency.get(agency.id), table.byClass.get(agency.class)]
        .flatMap((byQuery) => [...(byQuery?.values() ?? [])])
        .flatMap((byPurpose) => [...byPurpose.values()])
        .map(({ query, purpose, quota: { perDay, ...rest } }) => ({
          key: [provider.id, query, purpose].join(' '),
          state: {
            provider: provider.id,
            query,
            purpose,
            bundle,
            perDay: { limit: perDay, used: null },
            ...rest,
          },
        }));
    });
  }
}

function withReport(state: QuotaState, report: Report | undefined): QuotaState {
  if (!report) return state;
  return { ...state, perDay: { ...state.perDay, used: Number(report.used) }, at: report.at.toISOString() };
}
