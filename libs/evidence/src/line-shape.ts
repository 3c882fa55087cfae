/** Whether a decoded JSON value may stand in one field of a line. */
export type Check = (value: unknown) => boolean;

/** The fields a line may hold, each with its check, and those it must hold. */
export interface Shape {
  required: readonly string[];
  fields: Readonly<Record<string, Check>>;
  /** All of them, in the order in which canonical JSON has them. */
  names: readonly string[];
}

const KINDS = new Set(['intent', 'disclosure', 'outcome', 'scheme', 'key', 'admin', 'tick', 'epoch']);
const ORIGIN = /^[A-Za-z0-9._-]{1,64}\/[a-z][a-z-]{0,31}\/\d{1,6}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const KEY = /^[\x21-\x7e]{1,64}$/;
const LONGEST_TEXT = 512;
const CONTROL = /\p{Cc}/u;
/** Years that RFC 3339 and PostgreSQL know: 0001 to 9999. */
const TIME = /^(?!0000)\d{4}-/;
/** A time of a day that every month has. */
const ANY_MONTHS_TIME =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;
const isHash = bytesOf(32);

/** Public line, field by field (design: "An entry, byte by byte"). */
export const PUBLIC_SHAPE = shapeOf(['v', 'kind', 'origin', 'exchange', 'at', 'from', 'to', 'priv'], {
  v: (value) => value === 1,
  kind: (value) => typeof value === 'string' && KINDS.has(value),
  origin: isOrigin,
  exchange: (value) => typeof value === 'string' && UUID.test(value),
  at: isTime,
  deadline: isTime,
  from: isPlainText,
  to: isPlainText,
  query: isPlainText,
  region: isPlainText,
  bundle: isCount,
  subjects: isCount,
  priv: isHash,
  parent: isHash,
  answer: isHash,
  outcomes: recordOf(isCount),
  reason: isPlainText,
  rows: isCount,
  heldBack: isCount,
  replayed: (value) => value === true,
  late: (value) => value === true,
});

/** Private line, field by field. */
export const PRIVATE_SHAPE = shapeOf(['salt'], {
  salt: bytesOf(16),
  purpose: isPurpose,
  basis: isSortedList,
  fields: recordOf(isText),
  subjectRoot: isHash,
  operator: isHash,
  call: isText,
  sigHash: isHash,
  bodyHash: isHash,
  dataTime: isText,
  note: recordOf((value) => isText(value) || Number.isSafeInteger(value)),
});
const PURPOSE = shapeOf(['code'], { code: isText, campaign: isText, case: isText });

function shapeOf(required: readonly string[], fields: Shape['fields']): Shape {
  return { required, fields, names: Object.keys(fields).sort() };
}

/** `<agency>/<role>/<ordinal>`, safe as the name of a signing key (C2SP signed-note) and as a path. */
export function isOrigin(value: unknown): value is string {
  return typeof value === 'string' && ORIGIN.test(value);
}

/** Names the first field that does not fit, or undefined when all do; one that is undefined is not there. Never a value. */
export function misfit(line: unknown, shape: Shape): string | undefined {
  if (!isObject(line)) return '';
  const missing = shape.required.find((name) => line[name] === undefined);
  if (missing !== undefined) return missing;
  const wrong = Object.keys(line).find((name) => line[name] !== undefined && !fits(name, line[name], shape));
  return wrong !== undefined ? fieldName(wrong, shape) : undefined;
}

function fits(name: string, value: unknown, { fields }: Shape): boolean {
  return Object.hasOwn(fields, name) && fields[name]!(value);
}

/** An unknown key is the sender's text: it is not repeated. */
function fieldName(name: string, shape: Shape): string {
  return Object.hasOwn(shape.fields, name) ? name : '(unknown)';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): boolean {
  return (
    typeof value === 'string' && value.length > 0 && value.length <= LONGEST_TEXT && value.isWellFormed()
  );
}

/** A peer's public line is kept and read in databases, and shown: no character of it may mean anything to them. */
function isPlainText(value: unknown): boolean {
  return isText(value) && !CONTROL.test(value as string);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isTime(value: unknown): boolean {
  if (typeof value !== 'string' || !TIME.test(value)) return false;
  if (ANY_MONTHS_TIME.test(value)) return true; // nearly all are: no calendar has to be asked
  const time = Date.parse(value);
  return !Number.isNaN(time) && new Date(time).toISOString() === value;
}

/** Unpadded base64url of exactly `length` bytes, in its only canonical spelling: bits that stand for nothing are 0 (RFC 4648 §3.5). */
function bytesOf(length: number): Check {
  const last = ['', '[AQgw]', '[AEIMQUYcgkosw048]'][length % 3]!;
  const spelling = new RegExp(`^[A-Za-z0-9_-]{${Math.floor((length * 4) / 3)}}${last}$`);
  return (value) => typeof value === 'string' && spelling.test(value);
}

function recordOf(check: Check): Check {
  return (value) =>
    isObject(value) && Object.entries(value).every(([key, member]) => KEY.test(key) && check(member));
}

function isPurpose(value: unknown): boolean {
  return misfit(value, PURPOSE) === undefined;
}

function isSortedList(value: unknown): boolean {
  if (!Array.isArray(value) || !value.every(isText)) return false;
  const texts = value as string[];
  return texts.every((text, i) => i === 0 || texts[i - 1]! < text);
}
