import { Problem } from '#problem';

/** Deepest nesting that any body of ours has is 5. */
const MAX_DEPTH = 16;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Parses a JSON body as RFC 8259 means it and refuses what parsers disagree about: duplicate keys, a byte order mark,
 * invalid UTF-8, lone surrogates, numbers that do not fit a double, `__proto__` as a key, nesting beyond 16 levels.
 * JSON.parse keeps the last of two equal keys in silence; the members written are therefore counted against those kept.
 */
export function parseStrictJson(bytes: Uint8Array): unknown {
  const text = decode(bytes);
  const written = countMembers(text);
  let kept = -1; // JSON.parse wraps the whole value in a holder with one member of its own
  const value = parse(text, function (this: unknown, key: string, member: unknown) {
    if (!Array.isArray(this)) kept++;
    return refuseOdd(key, member);
  });
  if (kept !== written) throw new Problem('duplicate-key');
  return value;
}

function decode(bytes: Uint8Array): string {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw new Problem('malformed-json', { detail: 'not UTF-8' });
  }
  if (text.startsWith('\uFEFF')) throw new Problem('malformed-json', { detail: 'byte order mark' });
  return text;
}

/** Colons outside strings are members; brackets outside strings are counted before a recursive parser sees them. */
function countMembers(text: string): number {
  let depth = 0;
  let members = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '"') i = endOfString(text, i);
    else if (c === ':') members++;
    else if (c === '{' || c === '[') {
      if (++depth > MAX_DEPTH) throw new Problem('too-deep');
    } else if (c === '}' || c === ']') depth--;
  }
  return members;
}

function endOfString(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return i;
}

function parse(text: string, reviver: (this: unknown, key: string, value: unknown) => unknown): unknown {
  try {
    return JSON.parse(text, reviver) as unknown;
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem('malformed-json', { detail: 'syntax' });
  }
}

function refuseOdd(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new Problem('malformed-json', { detail: '__proto__ as a key' });
  if (!key.isWellFormed()) throw new Problem('malformed-json', { detail: 'lone surrogate' });
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new Problem('malformed-json', { detail: 'number out of range' });
  }
  if (typeof value === 'string' && !value.isWellFormed()) {
    throw new Problem('malformed-json', { detail: 'lone surrogate' });
  }
  return value;
}
