import { compileValidator, type JsonSchema } from '#contracts';
import { type CompiledGrant, type FieldRule } from '#sharing';

type Check = (record: unknown) => boolean;

/**
 * Compiled checks of released records. A grant's full set of fields is compiled once and kept as long as its bundle; a
 * narrower choice of fields is kept by its names.
 */
export class ReleasedValidators {
  private readonly byGrant = new WeakMap<CompiledGrant, Map<string, Check>>();

  of(grant: CompiledGrant, fields: ReadonlyMap<string, FieldRule>, schema: () => JsonSchema): Check {
    const byFields = this.byGrant.get(grant) ?? new Map<string, Check>();
    this.byGrant.set(grant, byFields);
    const names = [...fields.keys()].join(' ');
    const known = byFields.get(names);
    if (known) return known;
    const validate = compileValidator(schema());
    const check: Check = (record) => validate(record) === undefined;
    byFields.set(names, check);
    return check;
  }
}
