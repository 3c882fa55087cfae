import { Problem } from '#problem';
import { VOLUMES_KEPT_MS } from '../counting/retention.js';
import { UNITS, type Unit } from '../counting/volumes.js';
import { type Queryable } from '../mirror/log-row.js';
import { beginning, ending, oneOf, refuseUnknown, someOf, text, type Parameters } from './parameters.js';

/** What volumes can be told apart by. */
export const DIMENSIONS = ['at', 'requester', 'provider', 'query', 'region', 'outcome', 'reason'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** Dimensions that a single value can be asked of. */
const FILTERS = ['requester', 'provider', 'query', 'region', 'outcome', 'reason'] as const;

export interface VolumeQuery {
  unit: Unit;
  /** Milliseconds since the epoch: starts of minutes, hours or days from `from` up to before `to`. */
  from: number;
  to: number;
  by: Dimension[];
  where: Partial<Record<(typeof FILTERS)[number], string>>;
  /** Only exchanges in which this agency takes part. */
  only?: string;
}

const SPAN_MS: Record<Unit, number> = { minute: 3_600_000, hour: 2 * 86_400_000, day: 62 * 86_400_000 };
/** Rows told at once; who wants more narrows the question. */
const MOST = 10_000;

/** Reads a question about volumes (what is dropped is refused, not told as nothing); without times, the last hour of minutes, two days of hours, two months of days. */
export function volumeQuery(query: Parameters, now: number, only?: string): VolumeQuery {
  refuseUnknown(query, ['unit', 'from', 'to', 'by', ...FILTERS]);
  const unit = oneOf(query, 'unit', UNITS, 'hour');
  const to = ending(query, 'to', now + 1);
  const from = beginning(query, 'from', to - SPAN_MS[unit]);
  if (from >= to) throw new Problem('schema-invalid', { field: 'from', detail: 'is not before to' });
  if (now - from > VOLUMES_KEPT_MS[unit])
    throw new Problem('schema-invalid', { field: 'from', detail: `is before what is kept of each ${unit}` });
  const where: VolumeQuery['where'] = {};
  for (const name of FILTERS) {
    const value = text(query, name);
    if (value !== undefined) where[name] = value;
  }
  return { unit, from, to, by: someOf(query, 'by', DIMENSIONS), where, ...(only !== undefined && { only }) };
}

/**
 * Volumes, added up over every dimension that is not asked for, in the order of those that are.
 * @throws Problem `schema-invalid` when there are more rows than are told at once
 */
export async function readVolumes(
  client: Queryable,
  { unit, from, to, by, where, only }: VolumeQuery,
): Promise<object[]> {
  const names = by.join(', '); // from the closed list above, never from the request
  const filters = FILTERS.map((name, i) => `and ($${i + 5}::text is null or ${name} = $${i + 5})`).join(' ');
  const { rows } = await client.query<Record<string, unknown>>(
    `select ${names}, ${SUMS} from volume
      where unit = $1 and at >= $2 and at < $3 and ($4::text is null or requester = $4 or provider = $4) ${filters}
      group by ${names} order by ${names} limit ${MOST + 1}`,
    [unit, new Date(from), new Date(to), only ?? null, ...FILTERS.map((name) => where[name] ?? null)],
  );
  if (rows.length > MOST)
    throw new Problem('schema-invalid', { field: 'by', detail: `over ${MOST} rows: narrow the question` });
  return rows.map(rowOf);
}

const SUMS = Object.entries({
  exchanges: 'exchanges',
  subjects: 'subjects',
  disclosures: 'disclosures',
  rows: 'rows',
  heldBack: 'held_back',
  replays: 'replays',
  replayedSubjects: 'replayed_subjects',
})
  .map(([name, column]) => `sum(${column})::float8 as "${name}"`)
  .join(', ');

function rowOf(row: Record<string, unknown>): object {
  return { ...row, ...(row['at'] instanceof Date && { at: row['at'].toISOString() }) };
}
