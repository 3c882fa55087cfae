import { MatchersV3 } from '@pact-foundation/pact';
import { type JsonSchema } from '#contracts';

const { boolean, eachLike, integer, like, number, regex } = MatchersV3;

/** A matcher for any value that a field's schema allows, with one value as the pact's example of it. */
export function matching(schema: JsonSchema, example: unknown): unknown {
  const { enum: words, pattern, items } = schema;
  if (Array.isArray(words) && typeof example === 'string') return regex(oneOf(words as unknown[]), example);
  if (typeof pattern === 'string') return regex(pattern, example as string);
  if (Array.isArray(example)) return eachLike(matching((items ?? {}) as JsonSchema, example[0]), 1);
  if (typeof example === 'boolean') return boolean(example);
  if (typeof example !== 'number') return like(example);
  return schema['type'] === 'integer' ? integer(example) : number(example);
}

function oneOf(words: readonly unknown[]): string {
  return `^(${words.map((word) => String(word).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})$`;
}
