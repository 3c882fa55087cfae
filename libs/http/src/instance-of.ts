import { type FastifyRequest } from 'fastify';
import { UUID_PATTERN } from './uuid.js';

/** Codes of queries: as of our ids, nothing of this shape can be a person's number. */
const QUERY = '[A-Z]{2}(-[A-Z]{2})?-[0-9]{2}(@[0-9]{1,3})?';
const TELLABLE = new RegExp(`^(${UUID_PATTERN}|${QUERY})$`);

/**
 * What a problem is about: the route's pattern, with a parameter's value only where it is an id or a code of ours. The path
 * itself is the sender's text and may hold anybody's number; where there is no route there is none of it.
 */
export function instanceOf({ routeOptions, params }: FastifyRequest): { instance?: string } {
  const { url } = routeOptions;
  if (url === undefined) return {};
  const values = (params ?? {}) as Record<string, unknown>;
  const instance = url.replaceAll(/:(\w+)/g, (pattern, name: string) => {
    const value = values[name];
    return typeof value === 'string' && TELLABLE.test(value) ? value : pattern;
  });
  return { instance };
}
