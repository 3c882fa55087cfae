// The alert rules' syntax and unit tests by Prometheus' own promtool. Where it is not installed it is taken out of Debian's
// package into .cache/tools, without installing anything; where that cannot be done, the check is not run and says so.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const NOT_RUN = 77;
const FOLDER = 'deploy/prometheus';
const TOOLS = '.cache/tools/prometheus';
const UNPACKED = join(TOOLS, 'usr/bin/promtool');

const promtool = ['promtool', UNPACKED].find(runs) ?? unpack();
if (promtool === undefined) {
  process.stderr.write('note: promtool is not installed; on Debian it is in the package prometheus\n');
  process.exit(NOT_RUN);
}
const files = (folder) => readdirSync(join(FOLDER, folder)).map((name) => join(FOLDER, folder, name));
const results = [
  ['check', 'config', '--syntax-only', join(FOLDER, 'prometheus.yml')],
  ['check', 'rules', ...files('rules')],
  ['test', 'rules', ...files('tests')],
].map((args) => spawnSync(promtool, args, { stdio: ['ignore', 'inherit', 'inherit'] }).status);
process.exit(results.every((status) => status === 0) ? 0 : 1);

function runs(command) {
  return spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;
}

function unpack() {
  mkdirSync(TOOLS, { recursive: true });
  const quiet = (command, args) => spawnSync(command, args, { cwd: TOOLS, stdio: 'ignore' }).status === 0;
  if (!quiet('apt-get', ['download', 'prometheus'])) {
    if (!quiet('apt-get', ['update'])) return undefined;
    if (!quiet('apt-get', ['download', 'prometheus'])) return undefined;
  }
  const [archive] = readdirSync(TOOLS).filter((name) => name.endsWith('.deb'));
  if (archive === undefined || !quiet('dpkg-deb', ['-x', archive, '.'])) return undefined;
  return existsSync(UNPACKED) && runs(UNPACKED) ? UNPACKED : undefined;
}
