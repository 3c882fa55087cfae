import { compileValidator, type JsonSchema } from '#contracts';
import { isMasked, type CompiledGrant, type FieldRule } from '#sharing';

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
    const masked = maskedFields(fields);
    const check: Check = (record) =>
      validate(record) === undefined && masked(record as Record<string, string>);
    byFields.set(names, check);
    return check;
  }
}

/** A schema cannot tell a masked name from a name: a provider that forgot the mask is caught here. */
function maskedFields(fields: ReadonlyMap<string, FieldRule>): (record: Record<string, string>) => boolean {
  const masks = [...fields].flatMap(([name, rule]) => (rule.release === 'mask' ? [{ name, rule }] : []));
  return (record) =>
    masks.every(({ name, rule }) => record[name] === undefined || isMasked(rule, record[name]));
}
