import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '#config';
import { Problem } from '#problem';
import { saidBy } from './said-by.js';
import { findTools } from './tools.js';

const run = promisify(execFile);

/**
 * The folder with Kafka's jars, as `pom.xml` wants them; Maven brings them once for each pom into `.cache/kafka`. Downloaded
 * beside, with a repository of its own, and renamed: starts at the same time cannot see half a folder, nor disturb each other.
 *
 * @returns an absolute path
 * @throws Problem `transport-unavailable` when Maven is missing or fails
 */
export async function kafkaJars(
  cache = join(projectRoot(), '.cache', 'kafka'),
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const pom = join(localKafkaFolder(), 'pom.xml');
  const version = createHash('sha256')
    .update(await readFile(pom))
    .digest('hex')
    .slice(0, 16);
  const lib = join(cache, version, 'lib');
  if (!existsSync(lib)) await download(pom, cache, version, env);
  return lib;
}

/** Where this library's pom, guard and log settings are: the same from sources and from `dist`. */
export function localKafkaFolder(): string {
  return join(projectRoot(), 'libs', 'local-kafka');
}

async function download(pom: string, cache: string, version: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { mvn } = await findTools(['java', 'mvn'], env);
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, 'download-'));
  const fresh = join(work, version);
  try {
    await copyDependencies(mvn, pom, work, join(fresh, 'lib'), env);
    await rename(fresh, join(cache, version));
  } catch (error) {
    if (!existsSync(join(cache, version, 'lib'))) throw error; // else another start was faster
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function copyDependencies(
  mvn: string,
  pom: string,
  work: string,
  lib: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const settings = [
    '-DincludeScope=runtime',
    `-DoutputDirectory=${lib}`,
    `-Dmaven.repo.local=${join(work, 'm2')}`,
  ];
  const goal = 'dependency:copy-dependencies';
  try {
    await run(mvn, ['-q', '-B', '-f', pom, goal, ...settings], {
      cwd: work,
      env,
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (cause) {
    const said = saidBy(cause);
    throw new Problem('transport-unavailable', {
      detail: `Maven could not bring Apache Kafka’s jars: ${said.slice(0, 500)}`,
      cause,
    });
  }
}
