// Loaded before a program of ours that is to be profiled. SIGUSR2 begins a CPU profile, the next one ends it and writes it to
// BENCH_PROFILE_DIR/<pid>.cpuprofile: starting and warming up are not in it.
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';

const SAMPLE_MICROSECONDS = 200;

const session = new Session();
session.connect();
let begun = false;

process.on('SIGUSR2', () => void (begun ? end() : begin()));

async function begin(): Promise<void> {
  begun = true;
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_MICROSECONDS });
  await session.post('Profiler.start');
}

async function end(): Promise<void> {
  begun = false;
  const { profile } = await session.post('Profiler.stop');
  writeFileSync(
    join(process.env['BENCH_PROFILE_DIR']!, `${process.pid}.cpuprofile`),
    JSON.stringify(profile),
  );
}
