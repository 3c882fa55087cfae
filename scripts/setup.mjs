// Brings dependencies in when `node_modules` is missing or stale. Node built-ins only; runs on any Node >= 20,
// because it runs before the pinned runtime (the npm package `node`) is there.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const at = (...parts) => join(root, ...parts);

/** What the lock file wants installed on this platform: path -> version + integrity. */
function wanted(lock) {
  return Object.entries(lock.packages).filter(
    ([path, entry]) => path !== '' && !entry.link && (!entry.optional || isForHere(entry)),
  );
}

/** Of the optional packages npm installs those made for this platform; what only another one's need names none. */
function isForHere({ os, cpu, libc }) {
  if (!os && !cpu) return false;
  return fits(os, process.platform) && fits(cpu, process.arch) && (!libc || libc.includes(ownLibc()));
}

function fits(list = [], own) {
  if (list.includes(`!${own}`)) return false;
  return list.every((item) => item.startsWith('!')) || list.includes(own);
}

function ownLibc() {
  process.report.excludeNetwork = true; // else it asks for names of this machine's connections
  return process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl';
}

/** npm writes `node_modules/.package-lock.json` last, so its presence means the install finished. */
function upToDate() {
  const stamp = at('node_modules', '.package-lock.json');
  if (!existsSync(stamp) || !existsSync(at('node_modules', 'node', 'bin', 'node'))) return false;
  const installed = JSON.parse(readFileSync(stamp, 'utf8')).packages;
  const lock = JSON.parse(readFileSync(at('package-lock.json'), 'utf8'));
  return wanted(lock).every(
    ([path, { version, integrity }]) =>
      installed[path]?.version === version && installed[path]?.integrity === integrity,
  );
}

if (!upToDate()) {
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((dir) => !dir.includes(join('node_modules', '.bin')));
  const { status, error } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    env: { ...process.env, PATH: path.join(delimiter) },
    stdio: ['ignore', 2, 2], // stdout belongs to the program that follows
  });
  if (error) console.error(`npm could not be started: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}
