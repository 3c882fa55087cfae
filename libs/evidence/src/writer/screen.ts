import { type PoolClient } from 'pg';
import { Problem } from '#problem';
import { type DraftLines, onceKey } from '../draft.js';
import { type RecordedEntry } from '../entry.js';
import { type PeerConflict, findPeerConflicts } from '../peers/peer-store.js';
import { type StoredEntry } from '../reader/prove-entry.js';
import { type Queued } from './queued.js';

/** Drafts sorted by what becomes of them. */
export interface Screened {
  /** Each list becomes one entry. */
  fresh: Queued[][];
  earlier: { caller: Queued; entry: StoredEntry }[];
  refused: { caller: Queued; problem: Problem; conflict?: PeerConflict }[];
}

/**
 * Reads, inside the transaction that will record them, what each draft depends on: whether it is a repetition, or another
 * log of this node has disclosed its exchange, whether its time is over, whether its bundle is still in force (the row stays
 * locked until the commit), whether its parent contradicts an entry that the same peer showed before.
 * @param clock milliseconds since the epoch
 */
export async function screen(
  client: PoolClient,
  origin: string,
  drafts: readonly Queued[],
  clock: () => number,
): Promise<Screened> {
  const [earlier, bundles, conflicts] = await Promise.all([
    findEarlier(client, origin, drafts),
    lockBundles(client, drafts),
    findPeerConflicts(client, parents(drafts)),
  ]);
  const now = clock();
  const result: Screened = { fresh: [], earlier: [], refused: [] };
  const groups = new Map<string, Queued[]>();
  for (const caller of drafts) {
    const key = onceKey(caller.lines);
    const found = key === undefined ? undefined : earlier.get(key);
    const entry = found === ELSEWHERE ? undefined : found;
    const refusal = entry ? undefined : refusalOf(caller, found === ELSEWHERE, bundles, conflicts, now);
    if (entry) result.earlier.push({ caller, entry });
    else if (refusal) result.refused.push({ caller, ...refusal });
    else join(result.fresh, groups, key, caller);
  }
  return result;
}

function join(
  fresh: Queued[][],
  groups: Map<string, Queued[]>,
  key: string | undefined,
  caller: Queued,
): void {
  const group = key === undefined ? undefined : groups.get(key);
  if (group) {
    group.push(caller);
    return;
  }
  const started = [caller];
  fresh.push(started);
  if (key !== undefined) groups.set(key, started);
}

function refusalOf(
  { lines }: Queued,
  elsewhere: boolean,
  bundles: ReadonlyMap<string, number>,
  conflicts: ReadonlyMap<RecordedEntry, PeerConflict>,
  now: number,
): { problem: Problem; conflict?: PeerConflict } | undefined {
  const { requiresBundle, parentReceipt } = lines;
  if (elsewhere) return { problem: new Problem('answered-elsewhere') };
  if (isOver(lines, now))
    return { problem: new Problem('provider-timeout', { detail: 'too late to record' }) };
  if (requiresBundle && bundles.get(requiresBundle.provider) !== requiresBundle.number)
    return { problem: new Problem('bundle-changed') };
  const conflict = parentReceipt && conflicts.get(parentReceipt);
  return conflict && { problem: new Problem('log-forked'), conflict };
}

/** Whether nobody waits for the entry any more. */
export function isOver({ recordBefore }: DraftLines, now: number): boolean {
  return recordBefore !== undefined && now >= recordBefore;
}

/** What stands for the disclosure of another log of this node. */
const ELSEWHERE = 'elsewhere';

/** An own entry stands before that of another log: a log filled again from its mirror may have disclosed what this one did since. */
async function findEarlier(
  client: PoolClient,
  origin: string,
  drafts: readonly Queued[],
): Promise<Map<string, StoredEntry | typeof ELSEWHERE>> {
  const exchanges = drafts.filter(({ lines }) => onceKey(lines)).map(({ lines }) => lines.exchange);
  if (exchanges.length === 0) return new Map();
  const { rows } = await client.query<{
    origin: string;
    kind: 'intent';
    exchange: string;
    late: boolean;
    index: string;
    public: Buffer;
    private: Buffer | null;
  }>({
    name: 'evidence-earlier',
    text: `select origin, kind, exchange, late, index, public, private from log_entry
      where exchange = any($2::uuid[]) and kind in ('intent', 'disclosure', 'outcome')
        and (origin = $1 or kind = 'disclosure')
      order by origin = $1`,
    values: [origin, exchanges],
  });
  return new Map(
    rows.map((row) => [
      onceKey(row)!,
      row.origin === origin
        ? {
            index: Number(row.index),
            publicLine: row.public,
            ...(row.private && { privateLine: row.private }),
          }
        : ELSEWHERE,
    ]),
  );
}

/** Numbers of the bundles in force; in one order, so that writers cannot deadlock. */
async function lockBundles(client: PoolClient, drafts: readonly Queued[]): Promise<Map<string, number>> {
  const providers = new Set(drafts.flatMap(({ lines }) => lines.requiresBundle?.provider ?? []));
  if (providers.size === 0) return new Map();
  const { rows } = await client.query<{ provider: string; number: string }>({
    name: 'evidence-bundles',
    text: `select provider, number from active_bundle
      where provider = any($1::text[]) order by provider for share`,
    values: [[...providers].sort()],
  });
  return new Map(rows.map((row) => [row.provider, Number(row.number)]));
}

function parents(drafts: readonly Queued[]): RecordedEntry[] {
  return drafts.flatMap(({ lines }) => lines.parentReceipt ?? []);
}
