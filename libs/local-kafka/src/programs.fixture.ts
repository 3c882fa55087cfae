import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';

/** A folder that is all of PATH: what a spec does not put there is not installed on this machine. */
export interface Programs {
  dir(): string;
  env(): NodeJS.ProcessEnv;
  /** @param script of `sh`; sees the folder as `$PATH`, and its arguments */
  add(name: string, script: string): Promise<void>;
  /** Lines that scripts have appended to `$PATH/said`. */
  said(): Promise<string[]>;
}

export function usePrograms(): Programs {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'exchange-gateway-programs-'));
    for (const name of ['mkdir', 'chmod', 'sleep', 'cat']) await symlink(`/usr/bin/${name}`, join(dir, name));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));
  return {
    dir: () => dir,
    env: () => ({ PATH: dir }),
    add: async (name, script) => {
      await writeFile(join(dir, name), `#!/bin/sh\n${script}\n`);
      await chmod(join(dir, name), 0o755);
    },
    said: async () => (await readFile(join(dir, 'said'), 'utf8').catch(() => '')).split('\n').filter(Boolean),
  };
}

/** What `java -version` of this major version prints, and where. */
export function javaSaying(version: string): string {
  return `echo 'openjdk version "${version}" 2025-04-15' >&2`;
}
