import { type Contract, type ContractField } from '#contracts';
import { type FieldRule, type ReleaseMode } from '../model.js';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** The rule of one mode. */
export type RuleOf<M extends ReleaseMode> = Extract<FieldRule, { release: M }>;

/** What a mode may look at besides the value: this subject's claims, and the pseudonym of its asker. */
export interface ReleaseContext {
  claims: Readonly<Record<string, string>>;
  /** Keyed by provider, requester and purpose. Throws when the provider has no key. */
  pseudonym: (value: string) => string;
}

/** One release mode, whole: how a scheme writes it, what it may be granted for, what leaves, and how an official reads it. */
export interface Mode<R extends FieldRule = FieldRule> {
  /** JSON Schema of the rule as written in a scheme. */
  rule: JsonSchema;
  /** What is wrong with granting this field so; Chinese, empty when nothing is. */
  faults(rule: R, field: ContractField, contract: Contract): string[];
  /**
   * What leaves in place of the value. `undefined` leaves the field out.
   * @throws Error without the value when the rule cannot be applied: the whole subject is then refused.
   */
  apply(value: unknown, rule: R, context: ReleaseContext): unknown;
  /** JSON Schema of what leaves. */
  released(rule: R, field: ContractField): JsonSchema;
  /** The rule in words, Chinese. */
  words(rule: R): string;
}

/** A source's way of saying that it holds no value. */
export function isNothing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

/** Whether the contract's schema lets the field be one of the JSON types; a schema that does not say is taken to. */
export function mayBe(field: ContractField, ...types: string[]): boolean {
  const declared = field.schema['type'];
  if (declared === undefined) return true;
  return types.some((type) => (Array.isArray(declared) ? declared.includes(type) : declared === type));
}
