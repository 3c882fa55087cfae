import { endMoment, moment, MOMENT_WANTED } from '#identifiers';
import { Problem } from '#problem';

/** Parameters of a query string, each at most once. */
export type Parameters = Readonly<Record<string, unknown>>;

/** @throws Problem `schema-invalid` for a parameter that is not among `known` */
export function refuseUnknown(query: Parameters, known: readonly string[]): void {
  if (Object.keys(query).some((name) => !known.includes(name)))
    throw wrong('(unknown)', 'an unknown parameter');
}

/** One of some words; `otherwise` when absent. @throws Problem `schema-invalid` */
export function oneOf<T extends string>(
  query: Parameters,
  name: string,
  words: readonly T[],
  otherwise?: T,
): T {
  const text = query[name] ?? otherwise;
  const word = words.find((one) => one === text);
  if (word === undefined) throw wrong(name, `one of ${words.join(', ')}`);
  return word;
}

/** Some of some words, separated by commas, each once. @throws Problem `schema-invalid` */
export function someOf<T extends string>(query: Parameters, name: string, words: readonly T[]): T[] {
  const text = query[name];
  if (text === undefined) return [...words];
  const asked = typeof text === 'string' ? text.split(',') : [];
  const found = words.filter((word) => asked.includes(word));
  if (found.length !== asked.length || asked.length === 0) throw wrong(name, `some of ${words.join(',')}`);
  return found;
}

/** Where a time begins, in milliseconds since the epoch: a day in China or a time with its zone. @throws Problem `schema-invalid` */
export function beginning(query: Parameters, name: string, otherwise: number): number {
  return momentBy(moment, query, name, otherwise);
}

/** Where a time ends, the end excluded: a day counts whole. @throws Problem `schema-invalid` */
export function ending(query: Parameters, name: string, otherwise: number): number {
  return momentBy(endMoment, query, name, otherwise);
}

function momentBy(parse: typeof moment, query: Parameters, name: string, otherwise: number): number {
  const text = query[name];
  if (text === undefined) return otherwise;
  const at = typeof text === 'string' ? parse(text) : undefined;
  if (at === undefined) throw wrong(name, `${MOMENT_WANTED} is wanted`);
  return at;
}

/** A short text without control characters; undefined when absent. @throws Problem `schema-invalid` */
export function text(query: Parameters, name: string): string | undefined {
  const value = query[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(value))
    throw wrong(name, 'a short text is wanted');
  return value;
}

/** A whole number within limits. @throws Problem `schema-invalid` */
export function wholeNumber(
  query: Parameters,
  name: string,
  limits: { least: number; most: number; otherwise: number },
): number {
  const value = query[name];
  if (value === undefined) return limits.otherwise;
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : NaN;
  if (!(number >= limits.least && number <= limits.most))
    throw wrong(name, `a whole number from ${limits.least} to ${limits.most}`);
  return number;
}

function wrong(field: string, detail: string): Problem {
  return new Problem('schema-invalid', { field, detail });
}
