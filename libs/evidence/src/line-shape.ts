/** Whether a decoded JSON value may stand in one field of a line. */
export type Check = (value: unknown) => boolean;

/** The fields a line may hold, each with its check, and those it must hold. */
export interface Shape {
  required: readonly string[];
  fields: Readonly<Record<string, Check>>;
}

const KINDS = new Set(['intent', 'disclosure', 'outcome', 'scheme', 'key', 'admin', 'tick', 'epoch']);
const ORIGIN = /^[A-Za-z0-9._-]{1,64}\/[a-z][a-z-]{0,31}\/\d{1,6}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const KEY = /^[\x21-\x7e]{1,64}$/;
const LONGEST_TEXT = 512;

/** Public line, field by field (design: "An entry, byte by byte"). */
export const PUBLIC_SHAPE: Shape = {
  required: ['v', 'kind', 'origin', 'exchange', 'at', 'from', 'to', 'priv'],
  fields: {
    v: (value) => value === 1,
    kind: (value) => typeof value === 'string' && KINDS.has(value),
    origin: isOrigin,
    exchange: (value) => typeof value === 'string' && UUID.test(value),
    at: isTime,
    deadline: isTime,
    from: isText,
    to: isText,
    query: isText,
    region: isText,
    bundle: isCount,
    subjects: isCount,
    priv: isHash,
    parent: isHash,
    answer: isHash,
    outcomes: recordOf(isCount),
    reason: isText,
    rows: isCount,
    heldBack: isCount,
    replayed: (value) => value === true,
  },
};

/** Private line, field by field. */
export const PRIVATE_SHAPE: Shape = {
  required: ['salt'],
  fields: {
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
  },
};

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

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isTime(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const time = Date.parse(value);
  return !Number.isNaN(time) && new Date(time).toISOString() === value;
}

function isHash(value: unknown): boolean {
  return bytesOf(32)(value);
}

/** Unpadded base64url of exactly `length` bytes, in its only canonical spelling. */
function bytesOf(length: number): Check {
  return (value) => {
    if (typeof value !== 'string') return false;
    const bytes = Buffer.from(value, 'base64url');
    return bytes.length === length && bytes.toString('base64url') === value;
  };
}

function recordOf(check: Check): Check {
  return (value) =>
    isObject(value) && Object.entries(value).every(([key, member]) => KEY.test(key) && check(member));
}

function isPurpose(value: unknown): boolean {
  const shape: Shape = { required: ['code'], fields: { code: isText, campaign: isText, case: isText } };
  return misfit(value, shape) === undefined;
}

function isSortedList(value: unknown): boolean {
  if (!Array.isArray(value) || !value.every(isText)) return false;
  const texts = value as string[];
  return texts.every((text, i) => i === 0 || texts[i - 1]! < text);
}
