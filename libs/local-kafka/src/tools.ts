import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Problem } from '#problem';
import { installPackages, mayInstall, type Installer } from './install-packages.js';

const run = promisify(execFile);

/** Kafka 4 brokers need Java 17. */
const LEAST_JAVA = 17;

/** What a local Kafka is run with: absolute paths or names found on PATH. */
export interface Tools {
  java: string;
  keytool: string;
  mvn: string;
}

export type ToolName = keyof Tools;

/**
 * The programs named in `wanted`, installed first (Debian and Ubuntu, as root) when they are not there.
 *
 * @throws Problem `transport-unavailable` that says what to install when it may not be done here
 */
export async function findTools(
  wanted: readonly ToolName[],
  env: NodeJS.ProcessEnv = process.env,
  installer: Installer = { uid: process.getuid?.() },
): Promise<Tools> {
  const tools = toolsOf(env);
  const missing = await missingTools(wanted, tools, env);
  if (missing.length === 0) return tools;
  if (!(await mayInstall(env, installer))) throw notThere(missing);
  await installPackages(missing.includes('mvn'), missing.some(isJava), env);
  const still = await missingTools(wanted, tools, env);
  if (still.length > 0) throw notThere(still);
  return tools;
}

const isJava = (tool: ToolName) => tool !== 'mvn';

function toolsOf({ JAVA_HOME: home }: NodeJS.ProcessEnv): Tools {
  const java = (name: string) =>
    home && existsSync(join(home, 'bin', name)) ? join(home, 'bin', name) : name;
  return { java: java('java'), keytool: java('keytool'), mvn: 'mvn' };
}

async function missingTools(
  wanted: readonly ToolName[],
  tools: Tools,
  env: NodeJS.ProcessEnv,
): Promise<ToolName[]> {
  const works = { java: javaWorks, keytool: answers('-help'), mvn: answers('-v') };
  const there = await Promise.all(wanted.map((tool) => works[tool](tools[tool], env)));
  return wanted.filter((_, index) => !there[index]);
}

/** `openjdk version "17.0.15" …`, on standard error. */
async function javaWorks(java: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    const { stderr } = await run(java, ['-version'], { env });
    return Number(/version "(\d+)/.exec(stderr)?.[1]) >= LEAST_JAVA;
  } catch {
    return false; // not there or not startable, which is an answer
  }
}

function answers(flag: string) {
  return async (tool: string, env: NodeJS.ProcessEnv): Promise<boolean> => {
    try {
      await run(tool, [flag], { env });
      return true;
    } catch {
      return false; // as above
    }
  };
}

function notThere(missing: readonly ToolName[]): Problem {
  const names = {
    java: `Java ${LEAST_JAVA} or newer (java)`,
    keytool: 'keytool (comes with Java)',
    mvn: 'Maven (mvn)',
  };
  return new Problem('transport-unavailable', {
    detail:
      `Apache Kafka needs ${missing.map((tool) => names[tool]).join(', ')} on PATH; ` +
      'on Debian or Ubuntu: apt-get install openjdk-17-jre-headless maven',
  });
}
