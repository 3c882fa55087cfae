import { Batcher, type Database, type Migration } from '#database';
import { Problem } from '#problem';

/** Unlogged: a claim is only about work that is under way, and a crash of the database ends that. */
export const claimMigrations: readonly Migration[] = [
  {
    name: 'adapter-0002-claims',
    up: `
      create unlogged table answered_exchange (
        exchange uuid primary key,
        intent_leaf bytea not null,
        origin text not null,       -- log of the instance that answers it
        fence bigint not null,      -- which opening of that log; 0: given back
        until timestamptz not null
      );
      create index answered_exchange_until on answered_exchange (until);
    `,
  },
];

/** What an instance asks for. */
export interface ToClaim {
  exchange: string;
  intentLeaf: Buffer;
  /** When the claim may be forgotten, milliseconds since the epoch. */
  until: number;
}

/**
 * `own`: this instance answers; `again`: likewise, and it had the claim before or took it over, so that something may be
 * recorded already; `elsewhere`: another instance answers; `other-intent`: the exchange belongs to another question.
 */
export type Claim = 'own' | 'again' | 'elsewhere' | 'other-intent';

interface ClaimRow {
  exchange: string;
  fresh: boolean | null;
  other: boolean | null;
}

/**
 * One statement claims, takes up an own claim after a restart, and takes over. `known` is as it was before: a claim that
 * another instance makes at the same moment has no row yet, and is `elsewhere` until the next look.
 */
const TAKE = `
  with asked as (select * from unnest($2::uuid[], $3::bytea[], $4::timestamptz[]) as one (exchange, leaf, until)),
  claimed as (
    insert into answered_exchange as known (exchange, intent_leaf, origin, fence, until)
    select asked.exchange, asked.leaf, head.origin, head.fence, asked.until
      from asked, log_head head where head.origin = $1 order by asked.exchange
    on conflict (exchange) do update set origin = excluded.origin, fence = excluded.fence
     where known.intent_leaf = excluded.intent_leaf
       and case when known.origin = excluded.origin then true
                when log_writer_lives(known.origin, known.fence) then false
                else not exists (select from log_entry done where done.exchange = known.exchange and done.kind = 'disclosure')
           end
    returning exchange, xmax = 0 as fresh)
  select asked.exchange, claimed.fresh, known.intent_leaf <> asked.leaf as other
    from asked left join claimed using (exchange) left join answered_exchange known using (exchange)`;

/** Claims in one round trip. */
const BATCH = 500;

/**
 * Which instance of an agency's adapters answers an exchange: they share the topic of questions and the database, and a
 * question that is asked again may reach another one than it did before.
 *
 * A claim names its owner's log and the opening of it (the fence that `openLogWriter` raises). It can be taken over when
 * that writer cannot be at work any more: its log was opened again since (the earlier writer can append no more), nobody
 * holds its lease, or it gave the claim back. The lease tells that a process is gone, not that it stays gone: a writer
 * that lost its connection takes its lease again with the same fence and goes on. So a claim only saves work, it is
 * not what makes an answer the only one. That is the log's own rule, checked in the transaction of the append: one
 * disclosure for an exchange over all logs of the node. Whoever comes second, the owner come back or who took over, gets
 * `answered-elsewhere` and answers with what the first one recorded; quotas count an exchange once by its id
 * (`Quota.reserve`). A claim wrongly taken over costs a second look at the source, nothing more.
 */
export class Claims {
  private readonly batcher: Batcher<ToClaim, Claim>;
  /** Claims to give back: at once, and again with each sweep while the database is away. */
  private readonly returned = new Set<string>();

  /** @param origin log of this instance, which it has open */
  constructor(
    private readonly database: Pick<Database, 'pool'>,
    private readonly origin: string,
  ) {
    this.batcher = new Batcher((asked: readonly ToClaim[]) => this.takeAll(asked), BATCH, 'claim exchange');
  }

  /** @throws Problem `log-unavailable` */
  take(asked: ToClaim): Promise<Claim> {
    this.returned.delete(asked.exchange);
    return this.batcher.add(asked, 1);
  }

  /** Gives a claim back whose work failed, so that no other instance waits for it. */
  async release(exchange: string): Promise<void> {
    this.returned.add(exchange);
    await this.releaseAll().catch(() => undefined); // the database is away: with the next sweep
  }

  /**
   * Gives back what could not be, and forgets what is past its time.
   * @param now milliseconds since the epoch
   * @throws the driver's error
   */
  async sweep(now: number): Promise<void> {
    await this.releaseAll();
    await this.database.pool.query('delete from answered_exchange where until < $1', [new Date(now)]);
  }

  private async takeAll(asked: readonly ToClaim[]): Promise<Claim[]> {
    const values = [
      asked.map(({ exchange }) => exchange),
      asked.map(({ intentLeaf }) => intentLeaf),
      asked.map(({ until }) => new Date(until)),
    ];
    try {
      const { rows } = await this.database.pool.query<ClaimRow>({
        ...{ name: 'adapter-claim', text: TAKE, values: [this.origin, ...values] },
      });
      const said = new Map(rows.map((row) => [row.exchange, claimOf(row)]));
      return asked.map(({ exchange }) => said.get(exchange.toLowerCase()) ?? 'elsewhere');
    } catch (cause) {
      throw new Problem('log-unavailable', { detail: 'exchanges cannot be claimed', cause });
    }
  }

  private async releaseAll(): Promise<void> {
    const exchanges = [...this.returned];
    if (exchanges.length === 0) return;
    await this.database.pool.query(
      'update answered_exchange set fence = 0 where exchange = any($1::uuid[]) and origin = $2',
      [exchanges, this.origin],
    );
    exchanges.forEach((exchange) => this.returned.delete(exchange));
  }
}

function claimOf({ fresh, other }: ClaimRow): Claim {
  if (fresh !== null) return fresh ? 'own' : 'again';
  return other === true ? 'other-intent' : 'elsewhere';
}
