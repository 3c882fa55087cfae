import { FAULTS, type Fault, type Pieces } from '../counting/judge.js';
import { type Queryable } from '../mirror/log-row.js';

/** How intents, disclosures and outcomes of all exchanges match. */
export interface Reconciliation {
  /** When it was taken, UTC. */
  at: string;
  exchanges: number;
  /** Complete, or refused before they were asked. */
  settled: number;
  /** Not complete, and not yet due. */
  pending: number;
  /** Due and not complete: 0 when all is well. */
  difference: number;
  /** The difference by what is first wrong. */
  byKind: Partial<Record<Fault, number>>;
}

/** Reconciles at a moment (milliseconds since the epoch). Reads what is open, never all exchanges. */
export async function reconcile(client: Queryable, at: number, only?: string): Promise<Reconciliation> {
  const { rows } = await client.query<{ kind: Fault | null; exchanges: string; pending: string }>(
    `select null as kind, coalesce(sum(exchanges), 0) as exchanges, 0 as pending from exchange_tally
      where $1::text is null or requester = $1 or provider = $1
    union all
    select faults[1], count(*) filter (where due < $2), count(*) filter (where due >= $2) from exchange_state
      where faults <> '{}' and ($1::text is null or requester = $1 or provider = $1) group by 1`,
    [only ?? null, new Date(at)],
  );
  const kinds = rows.filter(({ kind }) => kind !== null);
  const exchanges = Number(rows.find(({ kind }) => kind === null)!.exchanges);
  const pending = sum(kinds.map((row) => Number(row.pending)));
  const difference = sum(kinds.map((row) => Number(row.exchanges)));
  return {
    at: new Date(at).toISOString(),
    exchanges,
    settled: exchanges - pending - difference,
    pending,
    difference,
    byKind: byKind(kinds),
  };
}

function byKind(rows: readonly { kind: Fault | null; exchanges: string }[]): Reconciliation['byKind'] {
  const counts: Reconciliation['byKind'] = {};
  for (const fault of FAULTS) {
    const count = Number(rows.find(({ kind }) => kind === fault)?.exchanges ?? 0);
    if (count > 0) counts[fault] = count;
  }
  return counts;
}

/** One exchange that does not reconcile, with what the logs hold of it and where. */
export interface Difference {
  exchange: string;
  requester: string;
  provider: string;
  query: string;
  at: string;
  due: string;
  faults: Fault[];
  entries: Pieces;
}

export interface DifferenceFilter {
  kind?: Fault;
  only?: string;
  requester?: string;
  provider?: string;
  /** Exchange after which to go on. */
  after?: string;
  limit: number;
}

/** Exchanges that are due and do not reconcile, by id; go on with `after`. */
export async function readDifferences(
  client: Queryable,
  at: number,
  filter: DifferenceFilter,
): Promise<Difference[]> {
  const { rows } = await client.query<DifferenceRow>(
    `select exchange, requester, provider, query, first_at, due, faults, pieces from exchange_state
      where faults <> '{}' and due < $1 and ($2::text is null or requester = $2 or provider = $2)
        and ($3::text is null or faults[1] = $3) and ($4::text is null or requester = $4)
        and ($5::text is null or provider = $5) and ($6::uuid is null or exchange > $6)
      order by exchange limit $7`,
    [
      new Date(at),
      filter.only ?? null,
      filter.kind ?? null,
      filter.requester ?? null,
      filter.provider ?? null,
      filter.after ?? null,
      filter.limit,
    ],
  );
  return rows.map(({ first_at, due, pieces, ...row }) => ({
    ...row,
    at: first_at.toISOString(),
    due: due.toISOString(),
    entries: pieces,
  }));
}

interface DifferenceRow {
  exchange: string;
  requester: string;
  provider: string;
  query: string;
  first_at: Date;
  due: Date;
  faults: Fault[];
  pieces: Pieces;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
