import { join } from 'node:path';

/** Where a node keeps the edge of its log `<agency>/<role>/<ordinal>`: in its own directory, never in the database. */
export function edgeFileOf(dir: string, origin: string): string {
  const [, role, ordinal] = origin.split('/');
  return join(dir, `edge-${role}-${ordinal}`);
}
