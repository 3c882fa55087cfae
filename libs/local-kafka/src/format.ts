import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Problem } from '#problem';
import { brokerFiles, type Cluster } from './cluster.js';
import { javaArguments } from './java.js';
import { saidBy } from './said-by.js';

const run = promisify(execFile);

/** What Kafka's tools are run with. */
export interface Kafka {
  java: string;
  /** Folder of the jars. */
  lib: string;
}

/** Writes `server.properties`, and makes the broker's data folder when it has none. */
export async function prepareBroker(
  cluster: Cluster,
  broker: number,
  properties: Readonly<Record<string, string>>,
  kafka: Kafka,
): Promise<void> {
  const files = brokerFiles(cluster, broker);
  await mkdir(files.home, { recursive: true });
  const text = Object.entries(properties).map(([name, value]) => `${name}=${escape(value)}\n`);
  await writeFile(files.properties, text.join(''), { mode: 0o600 });
  if (!existsSync(join(files.data, 'meta.properties'))) await format(cluster, broker, kafka);
}

/** Arguments by file: passwords do not show in the list of processes. A run that was killed half-way formats again. */
async function format(cluster: Cluster, broker: number, { java, lib }: Kafka): Promise<void> {
  const files = brokerFiles(cluster, broker);
  const argumentFile = join(files.home, 'format-arguments');
  const users = (cluster.users ?? []).flatMap((user) => [
    '--add-scram',
    `SCRAM-SHA-512=[name=${user},password=${cluster.password(user)}]`,
  ]);
  const args = ['format', '-t', cluster.id, '-c', files.properties, '--ignore-formatted', ...users];
  await writeFile(argumentFile, args.join('\n'), { mode: 0o600 });
  const main = javaArguments(lib, files.log, '128m', 'kafka.tools.StorageTool', `@${argumentFile}`);
  try {
    await run(java, main, { env: { PATH: process.env['PATH'], TZ: 'UTC' } });
  } catch (cause) {
    const said = saidBy(cause).slice(-1_000);
    throw new Problem('transport-unavailable', { detail: `Kafka refuses its settings: ${said}`, cause });
  } finally {
    await rm(argumentFile, { force: true });
  }
}

/** A value as a properties file wants it, which Java reads as Latin-1. */
function escape(value: string): string {
  return value
    .replaceAll('\\', '\\\\')
    .replace(/^ /, '\\ ')
    .replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
