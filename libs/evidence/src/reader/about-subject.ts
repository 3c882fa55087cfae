import { type Pool } from 'pg';
import { type LoggedEntry } from './prove-entry.js';

/** Which of a person's entries are wanted: milliseconds since the epoch, `to` excluded. */
export interface AboutRange {
  from?: number;
  to?: number;
  /** The newest so many, and all more of the last one's millisecond. */
  most: number;
}

/** A page of them, newest first; `more`: there are older ones in the range. */
export interface AboutPage {
  entries: LoggedEntry[];
  more: boolean;
}

const PAGE = `
with page as (
  select origin, index, leaf, public, private, at
    from subject_index join log_entry using (origin, index)
   where commitment = $1 and at >= $2 and at < $3
   order by at desc fetch first $4 rows with ties)
select origin, index, leaf, public, private, exists (
    select from subject_index join log_entry using (origin, index)
     where commitment = $1 and at >= $2 and at < (select min(at) from page)) as more
  from page order by at desc, origin, index desc`;

/**
 * The entries of this database's logs about the person behind a commitment. A page ends where a millisecond ends: who goes
 * on with its last time as `to` is told the rest, nothing of it twice.
 */
export async function entriesAbout(
  pool: Pool,
  commitment: Buffer,
  { from = -Infinity, to = Infinity, most }: AboutRange,
): Promise<AboutPage> {
  const { rows } = await pool.query<{
    origin: string;
    index: string;
    leaf: Buffer;
    public: Buffer;
    private: Buffer | null;
    more: boolean;
  }>({
    name: 'evidence-about',
    text: PAGE,
    values: [commitment, instant(from), instant(to), most],
  });
  const entries = rows.map(({ origin, index, leaf, public: publicLine, private: privateLine }) => ({
    origin,
    index: Number(index),
    leaf,
    publicLine,
    ...(privateLine && { privateLine }),
  }));
  return { entries, more: rows[0]?.more ?? false };
}

/** As a parameter: PostgreSQL has both infinities, and `Date` has none. */
function instant(at: number): Date | number {
  return Number.isFinite(at) ? new Date(at) : at;
}
