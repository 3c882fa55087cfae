import { Batcher, byteaArray, deleteBefore, type Database, type Migration } from '#database';
import { Problem } from '#problem';

/** Unlogged: it is only about work that is under way, and a crash of the database ends that. */
export const answeredExchangeMigrations: readonly Migration[] = [
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

/** An exchange that an instance would answer. */
export interface ToAnswer {
  exchange: string;
  intentLeaf: Buffer;
  /** When it may be forgotten who answers it, milliseconds since the epoch. */
  until: number;
}

/**
 * `own`: this instance answers; `again`: likewise, and it had taken the exchange before or took it over, so that something
 * may be recorded already; `elsewhere`: another instance answers; `other-intent`: the exchange belongs to another question.
 */
export type Taken = 'own' | 'again' | 'elsewhere' | 'other-intent';

interface TakenRow {
  exchange: string;
  fresh: boolean | null;
  other: boolean | null;
}

/**
 * One statement takes, takes up again after a restart, and takes over. `known` is as it was before: what another instance
 * takes at the same moment has no row yet, and is `elsewhere` until the next look.
 */
const TAKE = `
  with asked as (select * from unnest($2::uuid[], $3::bytea[], $4::timestamptz[]) as one (exchange, leaf, until)),
  taken as (
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
  select asked.exchange, taken.fresh, known.intent_leaf <> asked.leaf as other
    from asked left join taken using (exchange) left join answered_exchange known using (exchange)`;

/** Exchanges in one round trip. */
const BATCH = 500;
/** Exchanges given back in one statement. */
const GIVEN_BACK = 500;
/** To be given back while the database is away; of more the others learn when their time is over. */
const MOST_RETURNED = 10_000;

/**
 * Which instance of an agency's adapters answers an exchange: they share the topic of questions and the database, and a
 * question that is asked again may reach another one than it did before.
 *
 * Who takes an exchange is named by its log and the opening of it (the fence that `openLogWriter` raises). Another one takes
 * over when that writer cannot be at work any more: its log was opened again since (the earlier writer can append no more),
 * nobody holds its lease, or it gave the exchange back. The lease tells that a process is gone, not that it stays gone: a
 * writer that lost its connection takes its lease again with the same fence and goes on. So taking only saves work, it is
 * not what makes an answer the only one. That is the log's own rule, checked in the transaction of the append: one
 * disclosure for an exchange over all logs of the node. Whoever comes second, the first one come back or who took over, gets
 * `answered-elsewhere` and answers with what the first one recorded; quotas count an exchange once by its id
 * (`Quota.reserve`). An exchange wrongly taken over costs a second look at the source, nothing more.
 */
export class AnsweredExchanges {
  private readonly batcher: Batcher<ToAnswer, Taken>;
  /** To give back: at once, and again with each sweep while the database is away. */
  private readonly returned = new Set<string>();
  private giving: Promise<void> | undefined;

  /** @param origin log of this instance, which it has open */
  constructor(
    private readonly database: Pick<Database, 'pool'>,
    private readonly origin: string,
  ) {
    this.batcher = new Batcher((asked: readonly ToAnswer[]) => this.takeAll(asked), BATCH, 'take exchange');
  }

  /** @throws Problem `log-unavailable` */
  take(asked: ToAnswer): Promise<Taken> {
    this.returned.delete(asked.exchange);
    return this.batcher.add(asked, 1);
  }

  /** Gives an exchange back whose work failed, so that no other instance waits for it. Never waited for: nobody's answer depends on it. */
  release(exchange: string): void {
    if (this.returned.size < MOST_RETURNED) this.returned.add(exchange);
    void this.giveBack()
      .then(() => (this.returned.size > 0 ? this.giveBack() : undefined)) // it came while the last statement ended
      .catch(() => undefined); // the database is away: with the next sweep
  }

  /**
   * Gives back what could not be, and forgets what is past its time.
   * @param now milliseconds since the epoch
   * @throws the driver's error
   */
  async sweep(now: number): Promise<void> {
    await this.giveBack();
    await deleteBefore(this.database.pool, 'answered_exchange', 'until', new Date(now));
  }

  private async takeAll(asked: readonly ToAnswer[]): Promise<Taken[]> {
    const values = [
      asked.map(({ exchange }) => exchange),
      byteaArray(asked.map(({ intentLeaf }) => intentLeaf)),
      asked.map(({ until }) => new Date(until)),
    ];
    try {
      const { rows } = await this.database.pool.query<TakenRow>({
        ...{ name: 'adapter-take', text: TAKE, values: [this.origin, ...values] },
      });
      const said = new Map(rows.map((row) => [row.exchange, takenBy(row)]));
      return asked.map(({ exchange }) => said.get(exchange.toLowerCase()) ?? 'elsewhere');
    } catch (cause) {
      throw new Problem('log-unavailable', { detail: 'exchanges cannot be taken', cause });
    }
  }

  /** One at a time: after an outage thousands may have to be given back, and those who take exchanges need the connections. */
  private giveBack(): Promise<void> {
    this.giving ??= this.giveAll().finally(() => (this.giving = undefined));
    return this.giving;
  }

  /** Rows are locked in the order in which `TAKE` does it: the two never wait for each other. */
  private async giveAll(): Promise<void> {
    while (this.returned.size > 0) {
      const exchanges = [...this.returned].slice(0, GIVEN_BACK);
      exchanges.forEach((exchange) => this.returned.delete(exchange)); // before: one may be taken and given back meanwhile
      try {
        await this.database.pool.query(
          `update answered_exchange set fence = 0 where exchange in (
             select exchange from answered_exchange
              where exchange = any($1::uuid[]) and origin = $2 order by exchange for update)`,
          [exchanges, this.origin],
        );
      } catch (error) {
        exchanges.forEach((exchange) => this.returned.add(exchange));
        throw error;
      }
    }
  }
}

function takenBy({ fresh, other }: TakenRow): Taken {
  if (fresh !== null) return fresh ? 'own' : 'again';
  return other === true ? 'other-intent' : 'elsewhere';
}
