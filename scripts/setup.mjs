// Brings dependencies in when `node_modules` is missing or stale. Node built-ins only; runs on any Node >= 20,
// because it runs before the pinned runtime (the npm package `node`) is there.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const at = (...parts) => join(root, ...parts);

/** What the lock file wants installed on this platform: path -> version + integrity. */
function wanted(lock) {
  return Object.entries(lock.packages).filter(
    ([path, entry]) => path !== '' && !entry.link && (!entry.optional || isForHere(entry)),
  );
}

/** Of the optional packages npm installs those made for this platform and its Node; what only another one's need names none. */
function isForHere({ os, cpu, libc, engines }) {
  if (!os && !cpu) return false;
  const isPlatform = fits(os, process.platform) && fits(cpu, process.arch);
  return isPlatform && (!libc || libc.includes(ownLibc())) && satisfies(engines?.node ?? '*');
}

/** Whether npm's Node is within a range of `^` and `>=`; of another form it is taken to be, the stamp below keeps that from repeating. */
function satisfies(range) {
  const own = partsOf(npmsNode());
  return range.split('||').some((one) => {
    const [, operator, version] = /^\s*(\^|>=)\s*([\d.]+)\s*$/.exec(one) ?? [];
    if (!operator) return true;
    const least = partsOf(version);
    const differing = least.findIndex((part, i) => part !== own[i]);
    const isAtLeast = differing < 0 || own[differing] > least[differing];
    return isAtLeast && (operator === '>=' || own[0] === least[0]);
  });
}

/** What npm runs on decides what it installs; this script may run on another one. */
function npmsNode() {
  return /node\/v(\S+)/.exec(process.env.npm_config_user_agent)?.[1] ?? process.versions.node;
}

function partsOf(version) {
  const [major, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return [major, minor, patch];
}

function fits(list = [], own) {
  if (list.includes(`!${own}`)) return false;
  return list.every((item) => item.startsWith('!')) || list.includes(own);
}

function ownLibc() {
  process.report.excludeNetwork = true; // else it asks for names of this machine's connections
  return process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl';
}

const lockFile = at('package-lock.json');
/** npm writes it last, so its presence means the install finished. */
const installedFile = at('node_modules', '.package-lock.json');
/** Which lock file was last installed here, for what and by which Node: what npm left out then, it would leave out again. */
const stampFile = at('node_modules', '.installed-lock');

function stamp() {
  const lock = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  return [lock, process.platform, process.arch, npmsNode()].join(' ');
}

function upToDate() {
  if (!existsSync(installedFile) || !existsSync(at('node_modules', 'node', 'bin', 'node'))) return false;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  const missing = wanted(JSON.parse(readFileSync(lockFile, 'utf8'))).filter(
    ([path, { version, integrity }]) =>
      installed[path]?.version !== version || installed[path]?.integrity !== integrity,
  );
  if (missing.length === 0) return true;
  const isLeftOut = missing.every(([path, { optional }]) => optional && !installed[path]);
  return isLeftOut && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp();
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
  if (existsSync(installedFile)) writeFileSync(stampFile, stamp());
}
