/** Parameters of a signed request, without and with a body. */
export const SIGNED = [{ $ref: '#/components/parameters/SignatureInput' }];
export const SIGNED_BODY = [...SIGNED, { $ref: '#/components/parameters/ContentDigest' }];

export function jsonResponse(description: string, schema: string): object {
  return { description, content: contentOf(schema) };
}

export function jsonBody(schema: string): object {
  return { required: true, content: contentOf(schema) };
}

function contentOf(schema: string): object {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } };
}
