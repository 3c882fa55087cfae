import { type PublicLine } from '#evidence';

/** No exchange has so many subjects or rows; sums of such counts stay exact for a thousand years. */
const LARGEST_COUNT = 10_000_000;
const EARLIEST = Date.parse('2020-01-01T00:00:00.000Z');
const LATEST = Date.parse('2200-01-01T00:00:00.000Z');
/** Ids of agencies, logs, queries, regions, problems: short and ASCII, so that they can be keys. */
const NAME = /^[\x21-\x7e]{1,128}$/;

/**
 * Whether a well-formed line can be counted. Its writer may be hostile: a text, time or number that the database cannot
 * hold or add up must not stop the mirror of its log, let alone that of others.
 */
export function isCountable({ at, deadline, from, to, query, region, reason, ...line }: PublicLine): boolean {
  const names = [from, to, query, region, reason].filter((name) => name !== undefined);
  const times = [at, deadline].filter((time) => time !== undefined).map((time) => Date.parse(time));
  const counts = [line.subjects, line.rows, line.heldBack, ...Object.values(line.outcomes ?? {})];
  return (
    names.every((name) => NAME.test(name)) &&
    times.every((time) => time >= EARLIEST && time < LATEST) &&
    counts.every((count) => count === undefined || count <= LARGEST_COUNT)
  );
}
