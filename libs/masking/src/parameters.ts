/** One parameter of a mask: which values it takes and what holds when a scheme does not name it. */
export interface Parameter<Value> {
  accepts(value: unknown): value is Value;
  readonly byDefault: Value;
  /** What a linter or a document says of it. */
  readonly description: string;
}

/** A whole number from `min` to `max`. */
export function integer(min: number, max: number, byDefault: number): Parameter<number> {
  return {
    accepts: (value): value is number =>
      Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
    byDefault,
    description: `integer ${min}..${max}, default ${byDefault}`,
  };
}

/** One of a few words. */
export function oneOf<const Word extends string>(
  words: readonly Word[],
  byDefault: NoInfer<Word>,
): Parameter<Word> {
  return {
    accepts: (value): value is Word => (words as readonly unknown[]).includes(value),
    byDefault,
    description: `${words.join(' | ')}, default ${byDefault}`,
  };
}
