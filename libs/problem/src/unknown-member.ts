/** Letters that may be wrong in a name of six or more; in a shorter one, a third of them. */
const SLIPS = 2;

/**
 * What is told of a member that no contract has. Its name is the sender's text, which may be anybody's, and is never repeated;
 * where it comes close to a name that is known, that one is told.
 */
export function unknownMember(name: string, known: readonly string[]): string {
  const near = known.find((candidate) => isNear(plain(name), plain(candidate)));
  return near === undefined ? 'unknown member' : `unknown member, ${near} may be meant`;
}

/** Upper case and separators are the commonest slips. */
function plain(name: string): string {
  return name.length > 64 ? '' : name.toLowerCase().replaceAll(/[_-]/g, '');
}

function isNear(name: string, known: string): boolean {
  const slips = Math.min(SLIPS, Math.floor(known.length / 3));
  return name !== '' && Math.abs(name.length - known.length) <= slips && distance(name, known) <= slips;
}

/** Levenshtein's distance, row by row. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, j) => j);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const kept = row[j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(kept, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[other.length]!;
}
