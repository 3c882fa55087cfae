// `npm run check`: everything that is judged without running the product, one line a check, all of them even when one
// fails. The output of a failed check follows its line.
import { spawnSync } from 'node:child_process';

const bin = (name) => `node_modules/.bin/${name}`;
const node = bin('node');

/** @type {[what: string, command: string, ...args: string[]][]} */
const checks = [
  ['types', bin('tsc'), '-p', '.'],
  ['build', bin('tsc'), '-p', 'tsconfig.build.json'],
  // Without a cache: the rules know types, and a file's verdict changes with files that it imports.
  ['lint', node, 'node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0'],
  [
    'format',
    bin('prettier'),
    '--check',
    '.',
    '--log-level',
    'warn',
    '--cache',
    '--cache-location',
    '.cache/prettier',
  ],
  ['import rules', bin('depcruise'), '--config', 'import-rules.cjs', 'apps', 'libs', 'test'],
  ['unused code', bin('knip'), '--tsConfig', 'tsconfig.knip.json'],
  ['contracts', node, 'dist/libs/contracts/src/generate/main.js', 'check'],
  ['containerfile', node, 'scripts/check-containerfile.mjs'],
  ['compose', node, 'scripts/check-compose.mjs'],
  ['kubernetes', node, 'scripts/check-kubernetes.mjs'],
  ['prometheus', node, 'scripts/check-prometheus.mjs'],
  ['systemd', node, 'scripts/check-systemd.mjs'],
  ['licences', node, 'scripts/check-licences.mjs'],
  ['advisories', node, 'scripts/check-advisories.mjs'],
];

/** What a check ends with that cannot be run on this machine, as in GNU's automake; it is neither passed nor failed. */
const NOT_RUN = 77;

let passed = 0;
let failed = 0;
for (const [what, command, ...args] of checks) {
  const started = Date.now();
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, FORCE_COLOR: '0' },
    maxBuffer: 64 * 1024 * 1024,
  });
  const notRun = status === NOT_RUN;
  const ok = status === 0;
  if (ok) passed++;
  else if (!notRun) failed++;
  const word = ok ? 'ok  ' : notRun ? 'none' : 'FAIL';
  console.log(
    `${word} ${what}${notRun ? ', not run' : ''} (${((Date.now() - started) / 1000).toFixed(1)} s)`,
  );
  if (!ok && !notRun) console.log([error?.message, stdout, stderr].filter(Boolean).join('\n'));
  else if (stderr.startsWith('note:')) console.log(`     ${stderr.trim()}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
