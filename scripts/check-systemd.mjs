// The units of deploy/systemd by systemd itself: `systemd-analyze verify`, and its score of exposure. Needs no running
// systemd; where the tool is not installed the check is not run and says so.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NOT_RUN = 77;
const FOLDER = 'deploy/systemd';
/** Tenths: 1.5 is what V8, which writes code that it runs, and a network service can come to. */
const MOST_EXPOSED = 20;
/** Since 252 it judges unit files without a running systemd. */
const OLDEST = 252;

const [, version = '0'] = /systemd (\d+)/.exec(run('--version').text) ?? [];
if (Number(version) < OLDEST) {
  process.stderr.write(
    `note: systemd-analyze from ${OLDEST} on is not installed; on Debian it is in the package systemd\n`,
  );
  process.exit(NOT_RUN);
}
const stage = mkdtempSync(join(tmpdir(), 'units-'));
try {
  process.exitCode = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.service'))
    .every(isSound)
    ? 0
    : 1;
} finally {
  rmSync(stage, { recursive: true, force: true });
}

/** The unit's program is not installed here: this very Node stands in its place. */
function isSound(name) {
  const file = join(stage, name);
  const text = readFileSync(join(FOLDER, name), 'utf8');
  writeFileSync(file, text.replace('ExecStart=/usr/local/bin/node', `ExecStart=${process.execPath}`));
  const verified = run('verify', '--man=no', file);
  const exposed = run('security', '--offline=yes', `--threshold=${MOST_EXPOSED}`, '--no-pager', file);
  // `verify` warns of a misspelt setting and ends with 0 all the same.
  const ok = verified.status === 0 && verified.text.trim() === '' && exposed.status === 0;
  if (!ok) console.log(`${name}:\n${verified.text}${exposed.status === 0 ? '' : exposed.text}`);
  return ok;
}

function run(...args) {
  const { status, stdout = '', stderr = '' } = spawnSync('systemd-analyze', args, { encoding: 'utf8' });
  return { status, text: `${stdout ?? ''}${stderr ?? ''}` };
}
