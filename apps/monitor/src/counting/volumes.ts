import { type PublicLine } from '#evidence';
import { partiesOf, type PieceKind } from './piece.js';

export const UNITS = ['minute', 'hour', 'day'] as const;
export type Unit = (typeof UNITS)[number];

/** What volumes are told apart by. Absent texts are empty, so that they can be a key. */
export interface VolumeKey {
  unit: Unit;
  /** Start of the minute, hour or day (Asia/Shanghai), UTC with milliseconds and `Z`. */
  at: string;
  requester: string;
  provider: string;
  query: string;
  region: string;
  outcome: string;
  /** Why it was refused or nothing came: name of a problem. */
  reason: string;
}

/**
 * Exchanges count once, under their foremost outcome; subjects under each one's own. Rows, rows held back and disclosures
 * come from the providers' entries, everything else from the requesters' outcomes: of an exchange that was acknowledged late,
 * from the first. Replayed answers count apart.
 */
export interface VolumeCounts {
  exchanges: number;
  subjects: number;
  disclosures: number;
  rows: number;
  heldBack: number;
  replays: number;
  replayedSubjects: number;
}

export type Volume = VolumeKey & VolumeCounts;

const NOTHING: VolumeCounts = {
  exchanges: 0,
  subjects: 0,
  disclosures: 0,
  rows: 0,
  heldBack: 0,
  replays: 0,
  replayedSubjects: 0,
};

const COUNTED = Object.keys(NOTHING) as (keyof VolumeCounts)[];

/** Which outcome stands for an exchange with several: something released comes first, as in its answer. */
const FOREMOST = ['found', 'ambiguous', 'unavailable', 'unknown', 'refused', 'partial', 'none'];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const SHANGHAI_MS = 8 * HOUR_MS;

/** Volumes of some lines, added up by key and sorted: as many as there are different keys, however many lines. */
export function volumesOf(lines: Iterable<PublicLine>): Volume[] {
  const volumes = new Map<string, Volume>();
  for (const line of lines) {
    for (const volume of ofLine(line)) add(volumes, volume);
  }
  return [...volumes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, volume]) => volume);
}

/** Start of the time in which `at` (milliseconds since the epoch) lies. Days are those of Asia/Shanghai. */
export function startOf(unit: Unit, at: number): number {
  if (unit === 'minute') return Math.floor(at / MINUTE_MS) * MINUTE_MS;
  if (unit === 'hour') return Math.floor(at / HOUR_MS) * HOUR_MS;
  return Math.floor((at + SHANGHAI_MS) / DAY_MS) * DAY_MS - SHANGHAI_MS;
}

function ofLine(line: PublicLine): Volume[] {
  if (line.late || (line.kind !== 'outcome' && line.kind !== 'disclosure')) return [];
  const outcomes = Object.entries(line.outcomes ?? {}).filter(([, count]) => count > 0);
  const foremost = foremostOf(outcomes.map(([outcome]) => outcome));
  const counts =
    line.kind === 'outcome' ? outcomeCounts(line, outcomes, foremost) : [disclosureCounts(line, foremost)];
  return counts.flatMap(([outcome, counted]) =>
    UNITS.map((unit) => ({ ...NOTHING, ...keyOf(line, unit, outcome), ...counted })),
  );
}

type Counted = [outcome: string, counts: Partial<VolumeCounts>];

function outcomeCounts(line: PublicLine, outcomes: [string, number][], foremost: string): Counted[] {
  const each: [string, number][] = outcomes.length > 0 ? outcomes : [[foremost, 0]];
  return each.map(([outcome, subjects]) => {
    const one = outcome === foremost ? 1 : 0;
    return [
      outcome,
      line.replayed ? { replays: one, replayedSubjects: subjects } : { exchanges: one, subjects },
    ];
  });
}

function disclosureCounts({ rows = 0, heldBack = 0 }: PublicLine, foremost: string): Counted {
  return [foremost, { disclosures: 1, rows, heldBack }];
}

function foremostOf(outcomes: readonly string[]): string {
  return FOREMOST.find((outcome) => outcomes.includes(outcome)) ?? [...outcomes].sort()[0] ?? 'unknown';
}

function keyOf(line: PublicLine, unit: Unit, outcome: string): VolumeKey {
  const parties = partiesOf({ ...line, kind: line.kind as PieceKind });
  const at = new Date(startOf(unit, Date.parse(line.at))).toISOString();
  const { query = '', region = '', reason = '' } = line;
  return { unit, at, ...parties, query, region, outcome, reason };
}

function add(volumes: Map<string, Volume>, volume: Volume): void {
  const { unit, at, requester, provider, query, region, outcome, reason } = volume;
  const id = JSON.stringify([unit, at, requester, provider, query, region, outcome, reason]);
  const known = volumes.get(id);
  if (!known) volumes.set(id, volume);
  else for (const name of COUNTED) known[name] += volume[name];
}
