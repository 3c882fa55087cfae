import { type Queryable } from '../mirror/log-row.js';

/**
 * `forked`, `rolled-back`: two signed checkpoints of which neither extends the other (rolled back: the second history is
 * the younger one, or the owner shows an older tree than it signed before). `silent`: no growth, not even a tick. `behind`: a checkpoint that its owner signed is not served.
 * `unproved`: what is served does not give the signed root. `unreadable`: an entry that breaks the line format.
 */
export const ALARM_KINDS = ['forked', 'rolled-back', 'silent', 'behind', 'unproved', 'unreadable'] as const;
export type AlarmKind = (typeof ALARM_KINDS)[number];

export interface NewAlarm {
  kind: AlarmKind;
  origin: string;
  at: Date;
  /** Signed note of what the mirror holds. */
  first?: string;
  /** Signed note that does not go with it. */
  second?: string;
  /** Log whose node showed it, when that is another one. */
  reporter?: string;
  /** Sizes and indexes. */
  detail?: Record<string, number | string>;
}

export interface Alarm extends Required<Pick<NewAlarm, 'kind' | 'origin' | 'detail'>> {
  id: number;
  raisedAt: string;
  clearedAt?: string;
  /** Signed checkpoints that anyone can verify with the log's registered keys. */
  proof: string[];
  reporter?: string;
}

/** Alarms that end by themselves once the log grows as it should; one that contradicted itself is never grown again. */
const ENDS_WITH_GROWTH: readonly AlarmKind[] = ['silent', 'behind', 'unproved', 'rolled-back'];

/** Raises an alarm unless the same one is open. @returns whether it is new */
export async function raiseAlarm(client: Queryable, alarm: NewAlarm): Promise<boolean> {
  const { kind, origin, at, first, second, reporter, detail = {} } = alarm;
  const { rowCount } = await client.query(
    `insert into alarm (kind, origin, raised_at, first_note, second_note, reporter, detail)
      values ($1, $2, $3, $4, $5, $6, $7) on conflict (origin, kind) where cleared_at is null do nothing`,
    [kind, origin, at, first ?? null, second ?? null, reporter ?? null, JSON.stringify(detail)],
  );
  return rowCount === 1;
}

/** Ends what ends when a log grows. */
export async function clearAlarms(client: Queryable, origin: string, at: Date): Promise<void> {
  await client.query({
    name: 'alarm-clear',
    text: 'update alarm set cleared_at = $2 where origin = $1 and cleared_at is null and kind = any($3)',
    values: [origin, at, ENDS_WITH_GROWTH],
  });
}

export interface AlarmFilter {
  /** Only logs of this agency. */
  agency?: string;
  state: 'open' | 'all';
}

/** Most alarms told at once. */
const MOST = 1_000;

/** Alarms, newest first. */
export async function readAlarms(client: Queryable, { agency, state }: AlarmFilter): Promise<Alarm[]> {
  const { rows } = await client.query<AlarmRow>(
    `select id, kind, origin, raised_at, cleared_at, first_note, second_note, reporter, detail from alarm
      where ($1::text is null or split_part(origin, '/', 1) = $1) and ($2 = 'all' or cleared_at is null)
      order by id desc limit ${MOST}`,
    [agency ?? null, state],
  );
  return rows.map(alarmOf);
}

interface AlarmRow {
  id: string;
  kind: AlarmKind;
  origin: string;
  raised_at: Date;
  cleared_at: Date | null;
  first_note: string | null;
  second_note: string | null;
  reporter: string | null;
  detail: Record<string, number | string>;
}

function alarmOf(row: AlarmRow): Alarm {
  return {
    id: Number(row.id),
    kind: row.kind,
    origin: row.origin,
    raisedAt: row.raised_at.toISOString(),
    ...(row.cleared_at && { clearedAt: row.cleared_at.toISOString() }),
    proof: [row.first_note, row.second_note].filter((note) => note !== null),
    ...(row.reporter !== null && { reporter: row.reporter }),
    detail: row.detail,
  };
}
