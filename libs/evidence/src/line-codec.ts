import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { Problem, type ProblemName } from '#problem';
import { type PrivateLine, type PublicLine } from './entry.js';
import { PRIVATE_SHAPE, PUBLIC_SHAPE, misfit, type Shape } from './line-shape.js';

/** Longest line in bytes; C2SP tlog-tiles bundles carry entries of at most 65,535. */
export const LONGEST_LINE = 65_535;

/** What a bad line means: in a message that its sender spliced it, in a database that someone changed it. */
export type LineProblem = Extract<ProblemName, 'envelope-spliced' | 'log-tampered'>;

/**
 * The public line as canonical JSON (RFC 8785): the bytes that are hashed into the tree.
 * @throws Problem `internal` naming the field, when the line breaks the format: a bug of ours, not of the asker.
 */
export function encodePublicLine(line: PublicLine): Buffer {
  return encode(line, PUBLIC_SHAPE);
}

/** The private line as canonical JSON; `basis` must be sorted. @throws Problem `internal` naming the field */
export function encodePrivateLine(line: PrivateLine): Buffer {
  return encode(line, PRIVATE_SHAPE);
}

/**
 * Reads a public line strictly: known keys, right types, and exactly the bytes that encoding gives back.
 * @throws Problem `problem`, naming the field
 */
export function parsePublicLine(bytes: Uint8Array, problem: LineProblem = 'envelope-spliced'): PublicLine {
  return parse(bytes, PUBLIC_SHAPE, problem) as PublicLine;
}

/** Reads a private line strictly. @throws Problem `problem`, naming the field */
export function parsePrivateLine(bytes: Uint8Array, problem: LineProblem = 'envelope-spliced'): PrivateLine {
  return parse(bytes, PRIVATE_SHAPE, problem) as PrivateLine;
}

/** `priv` of the public line: SHA-256 of the private line's bytes (which begin with nothing guessable: it is salted). */
export function privHash(privateLine: Uint8Array): string {
  return hash('sha256', privateLine, 'base64url');
}

function encode(line: object, shape: Shape): Buffer {
  const field = misfit(line, shape);
  if (field !== undefined)
    throw new Problem('internal', { field, detail: 'an entry breaks the line format' });
  const bytes = Buffer.from(canonical(line, shape), 'utf8');
  if (bytes.length > LONGEST_LINE) throw new Problem('internal', { detail: 'an entry is too long' });
  return bytes;
}

function parse(bytes: Uint8Array, shape: Shape, problem: LineProblem): unknown {
  if (bytes.length > LONGEST_LINE) throw new Problem(problem, { detail: 'line too long' });
  const { text, line } = decode(bytes, problem);
  const field = misfit(line, shape);
  if (field !== undefined) throw new Problem(problem, { field, detail: 'line breaks the format' });
  if (!isCanonical(text, line)) throw new Problem(problem, { detail: 'line is not canonical' });
  return line;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(bytes: Uint8Array, problem: LineProblem): { text: string; line: unknown } {
  try {
    const text = UTF8.decode(bytes);
    return { text, line: JSON.parse(text) };
  } catch (cause) {
    throw new Problem(problem, { detail: 'line is not JSON', cause });
  }
}

/** As `isCanonical` has it: written by the engine where that is the same, which takes less than half the time. */
function canonical(line: object, { names }: Shape): string {
  const ordered: Record<string, unknown> = {};
  for (const name of names) {
    const value = (line as Record<string, unknown>)[name];
    if (value !== undefined) ordered[name] = isInOrder(value) ? value : inOrder(value);
  }
  return isInOrder(ordered) ? JSON.stringify(ordered) : canonicalize(line)!;
}

/** @returns a copy; `fromEntries` takes any key for what it is, `__proto__` too */
function inOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(inOrder);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, inOrder(inner)]));
}

/**
 * RFC 8785 takes strings and numbers as ECMAScript writes them (§3.2.2): what the engine writes again as it was read, with its
 * keys in order, is canonical. Where that is not so, as with keys that look like indexes, the library says.
 */
function isCanonical(text: string, line: unknown): boolean {
  return (JSON.stringify(line) === text && isInOrder(line)) || canonicalize(line) === text;
}

/** Keys by their UTF-16 code units (§3.2.3), at every depth. */
function isInOrder(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isInOrder);
  const keys = Object.keys(value);
  return (
    keys.every((key, index) => index === 0 || keys[index - 1]! < key) &&
    keys.every((key) => isInOrder((value as Record<string, unknown>)[key]))
  );
}
