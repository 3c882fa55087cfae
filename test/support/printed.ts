import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

export const ROOT = join(import.meta.dirname, '../..');

/** What documents call, from the sources: a build of everything is `npm run cli`'s own matter. */
const NPM = `npm() { shift 4; "$NODE" --conditions=source --import "$ROOT/scripts/run-sources.mjs" "$ROOT/apps/cli/src/main.ts" "$@"; }`;
/** As the documents define it once. */
const CLI = 'cli() { npm run -s cli -- "$@"; }';

/** The shell commands that a section of a document prints, as one script. */
export function printedCommands(document: string, heading: string): string {
  const text = readFileSync(join(ROOT, document), 'utf8');
  const sections = text.split(/^#+ (.*)$/m); // before the first heading, then heading and text in turn
  const at = sections.findIndex((part, i) => i % 2 === 1 && part === heading);
  if (at < 0) throw new Error(`${document} has no section "${heading}"`);
  const section = sections[at + 1]!;
  const blocks = [...section.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block!);
  if (blocks.length === 0) throw new Error(`section "${heading}" of ${document} prints no command`);
  return blocks.join('\n');
}

/** A script with the placeholders of its document replaced. @throws Error for one that it does not have */
export function filledIn(script: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values).reduce((text, [placeholder, value]) => {
    if (!text.includes(placeholder)) throw new Error(`nothing to replace: ${placeholder}`);
    return text.replaceAll(placeholder, value);
  }, script);
}

/** Runs a script as a newcomer pastes it: it ends at the first command that fails. @throws Error with what it printed */
export async function paste(
  script: string,
  { cwd, home = cwd }: { cwd: string; home?: string },
): Promise<string> {
  if (/\bcurl\b/.test(script)) requireCurl();
  const path = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
  const env = {
    ...process.env,
    ROOT,
    NODE: process.execPath,
    HOME: home,
    PATH: path,
    no_proxy: '*',
    NODE_OPTIONS: '',
  };
  const { stdout } = await promisify(execFile)('sh', ['-ec', `${NPM}\n${CLI}\n${script}`], {
    ...{ cwd, env, maxBuffer: 64 << 20 },
  });
  return stdout;
}

/** The documents take it for granted; without it a command of theirs fails with a bare 127. */
function requireCurl(): void {
  if (spawnSync('curl', ['--version']).error)
    throw new Error(
      'the documents’ commands need curl, which this machine has not (Debian: apt-get install curl)',
    );
}
