import { Problem } from '#problem';

/**
 * Refuses an address with parameters where none are taken: what would be ignored is refused, as in a body. None is named.
 * @param url path and query as received
 * @throws Problem `schema-invalid`
 */
export function refuseParameters(url: string): void {
  const at = url.indexOf('?');
  if (at >= 0 && at < url.length - 1)
    throw new Problem('schema-invalid', { field: '(unknown)', detail: 'no parameters are taken' });
}
