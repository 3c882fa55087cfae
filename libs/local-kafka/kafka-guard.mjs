// Runs the brokers of one local Kafka and ends with its parent: the parent holds our stdin, so when the parent ends, however
// it ends (kill -9 included), stdin closes and the brokers are stopped; a JVM would not notice. Built-ins only; started by
// src/guard.ts.
//
// argv[2]: JSON {pidFile, remove?}. stdin: one JSON a line, {do: 'start', broker, command, args, out} or
// {do: 'stop' | 'kill', broker}. stdout: one JSON a line, {broker, pid} and {broker, exit}.
import { spawn } from 'node:child_process';
import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers';

const { pidFile, remove } = JSON.parse(process.argv[2]);
/** An orderly stop writes its state; without its quorum a broker would wait for minutes. */
const PATIENCE_MS = 10_000;

const running = new Map();
let ending = false;

function start({ broker, command, args, out }) {
  const log = openSync(out, 'a');
  const child = spawn(command, args, {
    stdio: ['ignore', log, log],
    env: { LC_ALL: 'C.UTF-8', TZ: 'UTC', PATH: process.env.PATH },
  });
  closeSync(log);
  running.set(broker, child);
  child.on('spawn', () => tell({ broker, pid: child.pid }));
  child.on('error', () => over(broker, child));
  child.on('exit', () => over(broker, child));
}

function stop({ broker }) {
  const child = running.get(broker);
  if (!child) return;
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS).unref();
}

function kill({ broker }) {
  running.get(broker)?.kill('SIGKILL');
}

function over(broker, child) {
  if (running.get(broker) !== child) return;
  running.delete(broker);
  tell({ broker, exit: child.exitCode ?? child.signalCode ?? 'not started' });
  if (ending) finishWhenIdle();
}

function end() {
  if (ending) return;
  ending = true;
  // Files that go away need no orderly stop.
  for (const broker of running.keys()) (remove === undefined ? stop : kill)({ broker });
  finishWhenIdle();
}

function finishWhenIdle() {
  if (running.size > 0) return;
  rmSync(pidFile, { force: true });
  if (remove !== undefined) rmSync(remove, { recursive: true, force: true, maxRetries: 3 });
  process.exit(0);
}

function tell(event) {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

const COMMANDS = { start, stop, kill };
writeFileSync(pidFile, String(process.pid));
process.stdout.on('error', () => {}); // the parent is gone: stdin's end says the same
const orders = createInterface({ input: process.stdin });
orders.on('line', (line) => {
  const order = JSON.parse(line);
  if (!ending) COMMANDS[order.do](order);
});
orders.on('close', end);
process.stdin.on('error', end);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);
