// Runs one PostgreSQL server and outlives its parent by exactly the time that the server needs to stop: the parent holds
// our stdin, so when the parent ends, however it ends (kill -9 included), stdin closes and the server is shut down.
// The server cannot be the parent's own child: Ctrl-C would reach it before the programs that still write to it, and
// kill -9 of the parent would leave it running. Built-ins only; started by libs/database.
//
// argv[2]: JSON {command, args, uid?, gid?, log, remove?}. stdin: lines `fast` or `immediate`. stdout: the server's pid.
import { spawn } from 'node:child_process';
import { openSync, rmSync } from 'node:fs';
import { setTimeout } from 'node:timers';

const { command, args, uid, gid, log, remove } = JSON.parse(process.argv[2]);
const SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT' };
/** A fast shutdown waits for a checkpoint; after this long the next harsher signal follows. */
const PATIENCE_MS = 15_000;

const out = openSync(log, 'a');
const server = spawn(command, args, {
  stdio: ['ignore', out, out],
  env: { LC_ALL: 'C', TZ: 'UTC', PATH: process.env.PATH },
  ...(uid !== undefined && { uid, gid }),
});
let stopping = false;
let removing = false;

function stop(mode) {
  const signal = SIGNALS[mode];
  if (signal === undefined || stopping) return; // the first word counts: stdin ends right after it
  stopping = true;
  // `immediate` stands for a crash: its files stay, so that the recovery can be watched.
  removing = remove !== undefined && mode === 'fast';
  server.kill(signal);
  setTimeout(() => server.kill('SIGQUIT'), PATIENCE_MS).unref();
  setTimeout(() => server.kill('SIGKILL'), 2 * PATIENCE_MS).unref();
}

server.on('spawn', () => process.stdout.write(`${server.pid}\n`));
server.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
server.on('exit', (code) => {
  if (removing) rmSync(remove, { recursive: true, force: true });
  process.exit(code ?? 1);
});

process.stdout.on('error', () => {}); // the parent is gone: stdin's end says the same
process.stdin.setEncoding('utf8');
process.stdin.on('data', (lines) => lines.trim().split('\n').forEach(stop));
process.stdin.on('end', () => stop('fast'));
process.stdin.on('error', () => stop('fast'));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop('fast'));
