import { createHash } from 'node:crypto';
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
  return createHash('sha256').update(privateLine).digest('base64url');
}

function encode(line: object, shape: Shape): Buffer {
  const field = misfit(withoutUndefined(line), shape);
  if (field !== undefined)
    throw new Problem('internal', { field, detail: 'an entry breaks the line format' });
  const bytes = Buffer.from(canonicalize(line)!, 'utf8');
  if (bytes.length > LONGEST_LINE) throw new Problem('internal', { detail: 'an entry is too long' });
  return bytes;
}

function withoutUndefined(line: object): object {
  return Object.fromEntries(Object.entries(line).filter(([, value]) => value !== undefined));
}

function parse(bytes: Uint8Array, shape: Shape, problem: LineProblem): unknown {
  if (bytes.length > LONGEST_LINE) throw new Problem(problem, { detail: 'line too long' });
  const line = decode(bytes, problem);
  const field = misfit(line, shape);
  if (field !== undefined) throw new Problem(problem, { field, detail: 'line breaks the format' });
  if (!Buffer.from(canonicalize(line)!, 'utf8').equals(bytes))
    throw new Problem(problem, { detail: 'line is not canonical' });
  return line;
}

function decode(bytes: Uint8Array, problem: LineProblem): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw new Problem(problem, { detail: 'line is not JSON', cause });
  }
}
