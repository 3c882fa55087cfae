import { type SubjectKind } from './model.js';
import { isObject, type JsonSchema, propertiesOf, requiredOf } from './schema.js';

/** What a query itself says about its request: `request.schema.json`. */
export interface OwnRequest {
  params: JsonSchema;
  claims: JsonSchema;
  paramsRequired: boolean;
}

/** Splits a query's own schema; undefined when it is not exactly `params` and `claims`. */
export function readOwnRequest(schema: JsonSchema): OwnRequest | undefined {
  const { params, claims, ...others } = propertiesOf(schema);
  if (params === undefined || claims === undefined || Object.keys(others).length > 0) return undefined;
  const required = requiredOf(schema);
  if (required.some((name) => name !== 'params')) return undefined;
  return { params, claims, paramsRequired: required.includes('params') };
}

/**
 * The schema of the whole request body: the common part with this query's subjects, claims, field names and params put in
 * their places. Nothing is left to `$ref`, so it can be printed into any document as it stands.
 */
export function composeRequest(
  common: JsonSchema,
  own: OwnRequest,
  about: { id: string; title: string; subject: SubjectKind; fields: readonly string[] },
): JsonSchema {
  const properties = propertiesOf(common);
  const definitions = isObject(common['$defs']) ? common['$defs'] : {};
  const subject = definitions[about.subject] as JsonSchema;
  return {
    $schema: common['$schema'],
    title: `${about.id} ${about.title}：请求`,
    type: 'object',
    properties: {
      ...properties,
      subjects: { ...properties['subjects'], items: withClaims(subject, own.claims) },
      fields: { ...properties['fields'], items: { type: 'string', enum: [...about.fields] } },
      params: own.params,
    },
    required: [...requiredOf(common), ...(own.paramsRequired ? ['params'] : [])],
    additionalProperties: false,
  };
}

function withClaims(subject: JsonSchema, claims: JsonSchema): JsonSchema {
  return { ...subject, properties: { ...propertiesOf(subject), claims } };
}
