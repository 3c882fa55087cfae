const DAY_MS = 86_400_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

/** What is wanted, for whoever wrote something else. */
export const MOMENT_WANTED =
  'a day in China (2026-03-02) or a time with its zone (2026-03-02T08:00:00+08:00)';

/**
 * The moment that somebody names, where something begins: a day stands for its first instant in China (Asia/Shanghai), a time
 * carries its zone. What has none would be another moment on every machine, and is refused.
 * @returns milliseconds since the epoch; undefined for anything else
 */
export function moment(text: string): number | undefined {
  if (DAY.test(text)) return isRealDay(text) ? Date.parse(`${text}T00:00:00+08:00`) : undefined;
  const at = TIME.test(text) && isRealDay(text.slice(0, 10)) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? undefined : at;
}

/** The same where something ends, the end excluded: a day stands for all of it, up to the next one's first instant. */
export function endMoment(text: string): number | undefined {
  const at = moment(text);
  return at !== undefined && DAY.test(text) ? at + DAY_MS : at;
}

/** `Date.parse` turns 30 February into March. */
function isRealDay(day: string): boolean {
  const at = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day);
}
