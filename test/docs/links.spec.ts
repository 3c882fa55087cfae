import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const pages = globSync(['*.md', 'docs/**/*.md', 'contracts/**/*.md', 'deploy/**/*.md', 'test/**/*.md'], {
  cwd: root,
});

interface Link {
  page: string;
  path: string;
  heading: string | undefined;
}

describe('a page that links into the repository', () => {
  test('is read for its links, of which code, addresses elsewhere and pictures’ data are none', () => {
    const text =
      '[a](b.md) [c](../d#e-f) `[no](x.md)` [web](https://c2sp.org) [self](#top)\n```\n[n](y)\n```\n';
    expect(linksOf('docs/p.md', text)).toEqual([
      { page: 'docs/p.md', path: 'docs/b.md', heading: undefined },
      { page: 'docs/p.md', path: 'd', heading: 'e-f' },
      { page: 'docs/p.md', path: 'docs/p.md', heading: 'top' },
    ]);
  });

  test.each(pages)('finds what it names: %s', (page) => {
    const lost = linksOf(page, read(page)).filter((link) => !isThere(link));
    expect(lost).toEqual([]);
  });
});

function linksOf(page: string, text: string): Link[] {
  const prose = text.replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`(?!\])/g, '');
  const targets = [...prose.matchAll(/\]\(([^()\s]+)\)/g)].map(([, target]) => target!);
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path = '', heading] = target.split('#');
      return { page, path: path === '' ? page : join(dirname(page), path), heading };
    });
}

function isThere({ path, heading }: Link): boolean {
  if (!existsSync(join(root, path))) return false;
  return heading === undefined || headingsOf(read(path)).includes(heading);
}

/** As the usual renderers name them: lower case, spaces to dashes, punctuation left out. */
function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
