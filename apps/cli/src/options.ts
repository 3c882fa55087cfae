import { InvalidArgumentError } from 'commander';
import { endMoment as parseEndMoment, moment as parseMoment } from '#identifiers';
import { KEY_USES, type KeyUse } from '#registry';

const REGION = /^[1-9]\d{5}$/;

/** Parsers of option values: what they refuse, commander explains with the usage. */
export function integer(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least && value <= most) return value;
    const upTo = most === Number.MAX_SAFE_INTEGER ? '' : ` to ${most}`;
    throw new InvalidArgumentError(`a whole number from ${least}${upTo} is wanted.`);
  };
}

/** GB/T 2260, six digits. */
export function region(text: string): string {
  if (REGION.test(text)) return text;
  throw new InvalidArgumentError('six digits are wanted.');
}

/** `name=value`, gathered over repetitions. */
export function pair(text: string, before: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('name=value is wanted.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

export function list(text: string): string[] {
  const items = text.split(',').map((item) => item.trim());
  if (items.every((item) => item !== '')) return items;
  throw new InvalidArgumentError('names separated by commas are wanted.');
}

export function jsonObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // falls through to the refusal: what a parser says would quote the input
  }
  throw new InvalidArgumentError('a JSON object is wanted.');
}

/** Where a time begins: `2026-06-01` (its first instant in China) or a full timestamp with zone. Milliseconds since the epoch. */
export function moment(text: string): number {
  return momentBy(parseMoment, text);
}

/** Where a time ends, the end excluded: of `2026-06-01`, all that day in China. Milliseconds since the epoch. */
export function endMoment(text: string): number {
  return momentBy(parseEndMoment, text);
}

function momentBy(parse: typeof parseMoment, text: string): number {
  const at = parse(text);
  if (at !== undefined) return at;
  throw new InvalidArgumentError('a day (2026-06-01) or a timestamp with zone is wanted.');
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `30m`, `12h`, `7d` in milliseconds. */
export function duration(text: string): number {
  const [, count, unit = ''] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const scale = UNITS[unit];
  if (count !== undefined && scale !== undefined) return Number(count) * scale;
  throw new InvalidArgumentError('minutes, hours or days are wanted: 30m, 12h, 7d.');
}

export function keyUse(text: string): KeyUse {
  if ((KEY_USES as readonly string[]).includes(text)) return text as KeyUse;
  throw new InvalidArgumentError(`one of ${KEY_USES.join(', ')} is wanted.`);
}
