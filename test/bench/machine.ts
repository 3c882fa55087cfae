import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '#config';
import { type BenchOptions } from './arguments.js';

/** What figures were taken on; they mean something only with this. */
export interface Machine {
  cores: number;
  cpu: string;
  memoryGb: number;
  system: string;
  node: string;
  kafkajs: string;
  /** What the figures were taken with. */
  run: { repeats: number; seconds: number; inFlight: number; rate: number };
  /** Load average of the minute before: above 0 at the start, somebody else is at work. */
  load: number;
}

export function describeMachine(load: number, options: BenchOptions): Machine {
  const { repeats, seconds, inFlight, rate } = options;
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGb: Math.round(totalmem() / 1e9),
    system: `${process.platform} ${release()} ${process.arch}`,
    node: process.versions.node,
    kafkajs: versionOf('kafkajs'),
    run: { repeats, seconds, inFlight, rate },
    load: Number(load.toFixed(2)),
  };
}

function versionOf(name: string): string {
  const text = readFileSync(join(projectRoot(), 'node_modules', name, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
