/** A JSON Schema (2020-12) as data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Narrows what was parsed to a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The sub-schemas under `properties`; empty when there are none. */
export function propertiesOf(schema: JsonSchema): Record<string, JsonSchema> {
  return isObject(schema['properties']) ? (schema['properties'] as Record<string, JsonSchema>) : {};
}

/** The names under `required`; empty when there are none. */
export function requiredOf(schema: JsonSchema): string[] {
  return Array.isArray(schema['required']) ? (schema['required'] as string[]) : [];
}

/** JSON Pointers of object schemas that let unknown members through. */
export function openObjects(schema: unknown, pointer = ''): string[] {
  if (Array.isArray(schema)) return schema.flatMap((item, index) => openObjects(item, `${pointer}/${index}`));
  if (!isObject(schema)) return [];
  const open =
    schema['type'] === 'object' && schema['additionalProperties'] !== false ? [pointer || '/'] : [];
  return [
    ...open,
    ...Object.entries(schema).flatMap(([key, value]) => openObjects(value, `${pointer}/${key}`)),
  ];
}
