import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const guides = readdirSync(join(root, 'docs/guides')).filter((name) => name.endsWith('.md'));

/** A file as a guide tells to type it. */
interface Snippet {
  guide: string;
  path: string;
  content: string;
}

const snippets = guides.flatMap((guide) => snippetsOf(guide, read(`docs/guides/${guide}`)));

describe('a code block of a guide that begins with the path of a file', () => {
  test('is found by its first line, a comment, and the rest is the file', () => {
    const text = [
      ...['```ts', '// apps/x/a.ts', 'a();', '```', '', '```ts', 'b();', '```', ''],
      ...[
        '```yaml',
        '# c.d/x-1.yaml',
        'c: 1',
        '',
        'd: 2',
        '```',
        '',
        '```sh',
        '# not a path',
        'e',
        '```',
        '',
      ],
    ].join('\n');
    expect(snippetsOf('g.md', text)).toEqual([
      { guide: 'g.md', path: 'apps/x/a.ts', content: 'a();\n' },
      { guide: 'g.md', path: 'c.d/x-1.yaml', content: 'c: 1\n\nd: 2\n' },
    ]);
  });

  test.each(snippets)('is $path, as $guide shows it', ({ path, content }) => {
    expect(content).toBe(read(path));
  });
});

test('the adapter guide shows every file of the sample adapter, and no file twice', () => {
  const shown = snippets.filter(({ guide }) => guide === 'adapter.md').map(({ path }) => path);
  const files = readdirSync(join(root, 'apps/adapter-sample'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1));
  expect(shown.filter((path) => path.startsWith('apps/')).toSorted()).toEqual(files.toSorted());
  expect(shown).toEqual([...new Set(shown)]);
});

function snippetsOf(guide: string, text: string): Snippet[] {
  const blocks = text.matchAll(/^```\w+\n(?:\/\/|#) ([\w./-]+\/[\w.-]+\.\w+)\n([\s\S]*?)^```$/gm);
  return [...blocks].map(([, path, content]) => ({ guide, path: path!, content: content! }));
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
