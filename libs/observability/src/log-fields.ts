import { Problem } from '#problem';

/**
 * What a log line may hold: ids, codes, counts and names of things, never a value from a request, an answer or a source.
 * The type stops it at compile time, `admit` at run time.
 */
export interface LogFields {
  agency?: string;
  from?: string;
  to?: string;
  origin?: string;
  exchange?: string;
  call?: string;
  query?: string;
  topic?: string;
  step?: string;
  key?: string;
  problem?: string;
  refused?: string;
  code?: number;
  field?: string;
  count?: number;
  size?: number;
  bundle?: number;
  registry?: number;
  ms?: number;
  port?: number;
  url?: string;
  path?: string;
  state?: string;
  trace?: string;
}

/** Names of the fields, for those who extend them. */
export const LOG_FIELDS: readonly (keyof LogFields)[] = [
  ...([
    'agency',
    'from',
    'to',
    'origin',
    'exchange',
    'call',
    'query',
    'topic',
    'step',
    'key',
    'problem',
    'refused',
    'code',
  ] as const),
  ...([
    'field',
    'count',
    'size',
    'bundle',
    'registry',
    'ms',
    'port',
    'url',
    'path',
    'state',
    'trace',
  ] as const),
];

const KNOWN: ReadonlySet<string> = new Set(LOG_FIELDS);

/** Ids, codes, paths: no blanks, no line breaks, no Chinese, nothing that could be a citizen ID or a phone number. */
const SAFE_TEXT = /^[A-Za-z0-9@._:/#%+-]{0,160}$/;
const PERSONAL = /(?<![0-9A-Za-z])(\d{17}[\dXx]|\d{15}|1\d{10})(?![0-9A-Za-z])/;

const FRAME = /^\s+at [\x20-\x7e]{1,400}$/;

/** Keeps the fields a line may hold; anything else is replaced by the reason it was dropped. */
export function admit(fields: LogFields): Record<string, string | number> {
  return admitFrom(KNOWN, fields);
}

/** The same for another list of names. */
export function admitFrom(known: ReadonlySet<string>, fields: object): Record<string, string | number> {
  const kept: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(fields) as [string, unknown][]) {
    if (value === undefined || !known.has(name)) continue;
    kept[name] = typeof value === 'number' ? value : safeText(value);
  }
  return kept;
}

function safeText(value: unknown): string {
  return typeof value === 'string' && SAFE_TEXT.test(value) && !PERSONAL.test(value) ? value : '[dropped]';
}

/** What a log line says of an error: its class, code and stack frames. Its message may quote data and stays out. */
export function describeError(error: unknown): Record<string, string | number> {
  if (!(error instanceof Error)) return { error: typeof error };
  const { code } = error as { code?: unknown };
  return {
    error: safeText(error.name),
    ...(error instanceof Problem && { problem: error.problem }),
    ...(typeof code === 'string' && { errorCode: safeText(code) }),
    ...(typeof code === 'number' && { errorCode: code }),
    ...(error.cause instanceof Error && { cause: safeText(error.cause.name) }),
    frames: frames(error),
  };
}

/** The message stands before the frames and may have lines that look like some: it is cut off, and only plain frames pass. */
function frames({ message, stack = '' }: Error): string {
  const behind = stack.slice(stack.indexOf(message) + message.length);
  const lines = behind.split('\n').filter((line) => FRAME.test(line) && !PERSONAL.test(line));
  return lines
    .slice(0, 6)
    .map((line) => line.trim())
    .join(' | ');
}
