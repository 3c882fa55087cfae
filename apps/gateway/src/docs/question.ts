import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Contract } from '#contracts';
import { Problem } from '#problem';

const MARK = '**问什么。** ';

/**
 * What a query asks, in its own words: the paragraph of its README.md that officials read first. All else on a query's page
 * comes from the contract, which the README repeats.
 * @throws Problem `registry-invalid` when the README is missing or has no such paragraph
 */
export async function readQuestion(root: string, { code, version }: Contract): Promise<string> {
  const path = `queries/${version === 1 ? code : `${code}-v${version}`}/README.md`;
  const lines = await readFile(join(root, path), 'utf8').then(
    (text) => text.split('\n'),
    (cause: unknown) => {
      throw new Problem('registry-invalid', { field: path, detail: 'cannot be read', cause });
    },
  );
  const line = lines.find((candidate) => candidate.startsWith(MARK));
  if (line === undefined)
    throw new Problem('registry-invalid', { field: path, detail: `has no paragraph ${MARK.trim()}` });
  return line.slice(MARK.length);
}
