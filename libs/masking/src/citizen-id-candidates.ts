const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const BIRTHS = { from: Date.UTC(1940, 0, 1), to: Date.UTC(2008, 11, 31) };
const DAY = 86_400_000;
const REGION_DIGITS = 6;

/**
 * County-level codes that share their first k digits, at the least over the mainland's provinces, rounded down: all;
 * those of the three north-eastern provinces; those of a municipality; from there on possibly a single one.
 * A model for the linter's warning, not a register.
 */
const COUNTIES = [2800, 280, 16, 1, 1, 1, 1];

interface CandidateRange {
  /** For the visible part that is shared by the fewest. */
  least: number;
  /** For the visible part that is shared by the most. */
  most: number;
}

/** How many sums fall into each class modulo 11. */
type Classes = number[];

/** By what is shown: going through all births takes a tenth of a second, and a bundle asks for the same few masks. */
const known = new Map<string, Readonly<CandidateRange>>();

/**
 * How many 18-digit citizen IDs share their first `first` and last `last` characters: births of 1940 to 2008, every
 * sequence number, and the check digit, which divides them by eleven where it is shown. Numbers that could
 * be somebody's, so more than there are persons.
 */
export function citizenIdCandidates(first: number, last: number): Readonly<CandidateRange> {
  if (first + last >= 18) return citizenIdCandidates(0, 0); // shorter than first + last + 1: all of it is hidden
  const key = `${first} ${last}`;
  const range = known.get(key) ?? Object.freeze(countCandidates(first, last));
  known.set(key, range);
  return range;
}

function countCandidates(first: number, last: number): CandidateRange {
  const visible = Array.from({ length: 18 }, (_, position) => position < first || position >= 18 - last);
  const counties = COUNTIES[Math.min(first, REGION_DIGITS)]!;
  const sequences = hiddenSequences(visible);
  const counts = [...birthsByVisiblePart(visible).values()]
    .map((births) => combine(births, sequences))
    .flatMap((classes) => countsOf(classes, { counties, checkVisible: last > 0 }));
  return { least: counts.reduce((a, b) => Math.min(a, b)), most: counts.reduce((a, b) => Math.max(a, b)) };
}

/** A visible check digit leaves one class; where the county is hidden too, its share of the sum is unknown: the mean. */
function countsOf(
  classes: Classes,
  { counties, checkVisible }: { counties: number; checkVisible: boolean },
): number[] {
  const all = classes.reduce((sum, count) => sum + count, 0);
  if (!checkVisible) return [counties * all];
  if (counties > 1) return [Math.floor((counties * all) / 11)];
  return classes.filter((count) => count > 0);
}

function birthsByVisiblePart(visible: readonly boolean[]): Map<string, Classes> {
  const groups = new Map<string, Classes>();
  for (let time = BIRTHS.from; time <= BIRTHS.to; time += DAY) {
    const digits = [...new Date(time).toISOString().slice(0, 10).replaceAll('-', '')];
    const key = digits.filter((_, index) => visible[REGION_DIGITS + index]).join('');
    const classes = groups.get(key) ?? none();
    const sum = digits.reduce(
      (total, digit, index) => total + Number(digit) * WEIGHTS[REGION_DIGITS + index]!,
      0,
    );
    classes[sum % 11]!++;
    groups.set(key, classes);
  }
  return groups;
}

function hiddenSequences(visible: readonly boolean[]): Classes {
  return [14, 15, 16]
    .filter((position) => !visible[position])
    .map((position) => digitClasses(WEIGHTS[position]!))
    .reduce(combine, single());
}

function digitClasses(weight: number): Classes {
  const classes = none();
  for (let digit = 0; digit < 10; digit++) classes[(digit * weight) % 11]!++;
  return classes;
}

function combine(left: Classes, right: Classes): Classes {
  const classes = none();
  left.forEach((a, i) => right.forEach((b, j) => (classes[(i + j) % 11]! += a * b)));
  return classes;
}

function none(): Classes {
  return new Array<number>(11).fill(0);
}

function single(): Classes {
  return [1, ...new Array<number>(10).fill(0)];
}
