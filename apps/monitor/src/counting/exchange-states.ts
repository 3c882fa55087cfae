import { type Queryable } from '../mirror/log-row.js';
import { isInOwnLog, judge, replayOf, type Pieces } from './judge.js';
import { partiesOf, placeOf, type Piece } from './piece.js';

/** design, Binding: `deadline ≤ at + 10 min`; a later one does not put off the day of reckoning. */
const LONGEST_DEADLINE_MS = 10 * 60_000;
/** Strays kept of one exchange; one is enough to be a difference. */
const STRAYS = 4;

interface StateRow {
  exchange: string;
  pieces: Pieces;
  due: Date;
}

/** One exchange's new pieces. */
export interface NewPiece {
  exchange: string;
  piece: Piece;
}

/**
 * Puts new entries to their exchanges and judges these again. Rows are taken in the order of their ids, so that logs which
 * grow at the same time wait for each other in one direction.
 *
 * @param graceMs how long after its deadline an exchange must be complete
 */
export async function addPieces(
  client: Queryable,
  pieces: readonly NewPiece[],
  graceMs: number,
): Promise<void> {
  if (pieces.length === 0) return;
  const byExchange = groupByExchange(pieces);
  const rows = await lockStates(client, byExchange, graceMs);
  for (const row of rows) {
    for (const piece of byExchange.get(row.exchange)!) {
      row.pieces = withPiece(row.pieces, piece);
      row.due = new Date(Math.max(row.due.getTime(), dueOf(piece, graceMs)));
    }
  }
  await writeStates(client, rows);
  await matchReplays(client, [...byExchange.keys()]);
}

/**
 * Settles replayed answers whose original has come in: of the exchanges given, or of all. The original may be in a log
 * that is mirrored later. @returns how many were settled
 */
export async function matchReplays(client: Queryable, exchanges?: readonly string[]): Promise<number> {
  const { rowCount } = await client.query({
    name: exchanges ? 'exchanges-match' : 'exchanges-match-all',
    text: `update exchange_state replay set faults = '{}'
      where faults = '{replay-unmatched}' and ${exchanges ? 'exchange = any($1::uuid[])' : 'true'}
        and exists (select from exchange_state original
          where (original.disclosure_leaf = replay.replay_of or original.intent_leaf = replay.replay_of)
            and original.requester = replay.requester and original.provider = replay.provider)`,
    values: exchanges ? [exchanges] : [],
  });
  return rowCount ?? 0;
}

function groupByExchange(pieces: readonly NewPiece[]): Map<string, Piece[]> {
  const groups = new Map<string, Piece[]>();
  const sorted = [...pieces].sort((a, b) => (a.exchange < b.exchange ? -1 : 1));
  for (const { exchange, piece } of sorted) groups.set(exchange, [...(groups.get(exchange) ?? []), piece]);
  return groups;
}

async function lockStates(
  client: Queryable,
  groups: Map<string, Piece[]>,
  graceMs: number,
): Promise<StateRow[]> {
  const first = [...groups].map(([exchange, [piece]]) => ({ exchange, piece: piece!, ...partiesOf(piece!) }));
  const { rows: begun } = await client.query<{ requester: string; provider: string }>({
    name: 'exchanges-begin',
    text: `insert into exchange_state (exchange, requester, provider, query, first_at, due, pieces, faults)
      select new.*, '{}'::jsonb, '{}'::text[] from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[],
        $6::timestamptz[]) as new order by 1 on conflict do nothing returning requester, provider`,
    values: [
      first.map(({ exchange }) => exchange),
      first.map(({ requester }) => requester),
      first.map(({ provider }) => provider),
      first.map(({ piece }) => piece.query ?? ''),
      first.map(({ piece }) => piece.at),
      first.map(({ piece }) => new Date(dueOf(piece, graceMs))),
    ],
  });
  const { rows } = await client.query<StateRow>({
    name: 'exchanges-lock',
    text: 'select exchange, pieces, due from exchange_state where exchange = any($1::uuid[]) order by exchange for update',
    values: [[...groups.keys()]],
  });
  await tally(client, begun);
  return rows;
}

async function tally(
  client: Queryable,
  begun: readonly { requester: string; provider: string }[],
): Promise<void> {
  if (begun.length === 0) return;
  await client.query({
    name: 'exchanges-tally',
    text: `insert into exchange_tally as t (requester, provider, exchanges)
      select requester, provider, count(*) from unnest($1::text[], $2::text[]) as new (requester, provider)
      group by 1, 2 order by 1, 2
      on conflict (requester, provider) do update set exchanges = t.exchanges + excluded.exchanges`,
    values: [begun.map(({ requester }) => requester), begun.map(({ provider }) => provider)],
  });
}

/** The first entry of a kind, or first late acknowledgement, in a log of its own agency is the exchange's; any other is a stray. */
export function withPiece(pieces: Pieces, piece: Piece): Pieces {
  const place = placeOf(piece);
  if (isInOwnLog(piece) && !pieces[place]) return { ...pieces, [place]: piece };
  return { ...pieces, strays: [...(pieces.strays ?? []), piece].slice(0, STRAYS) };
}

async function writeStates(client: Queryable, rows: readonly StateRow[]): Promise<void> {
  await client.query({
    name: 'exchanges-write',
    text: `update exchange_state s set pieces = new.pieces, faults = new.faults::text[], due = new.due,
        intent_leaf = new.intent_leaf, disclosure_leaf = new.disclosure_leaf, replay_of = new.replay_of
      from unnest($1::uuid[], $2::jsonb[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[])
        as new (exchange, pieces, faults, due, intent_leaf, disclosure_leaf, replay_of)
      where s.exchange = new.exchange`,
    values: [
      rows.map(({ exchange }) => exchange),
      rows.map(({ pieces }) => JSON.stringify(pieces)),
      rows.map(({ pieces }) => `{${judge(pieces).join(',')}}`),
      rows.map(({ due }) => due),
      rows.map(({ pieces }) => pieces.intent?.leaf ?? null),
      rows.map(({ pieces }) => pieces.disclosure?.leaf ?? null),
      rows.map(({ pieces }) => replayOf(pieces) ?? null),
    ],
  });
}

function dueOf({ at, deadline }: Piece, graceMs: number): number {
  const recorded = Date.parse(at);
  const latest = recorded + LONGEST_DEADLINE_MS;
  return Math.min(deadline === undefined ? recorded : Date.parse(deadline), latest) + graceMs;
}
