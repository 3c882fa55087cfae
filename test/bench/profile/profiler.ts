import { join, resolve } from 'node:path';

/** Variables that make a Node process ready to be profiled (`in-process.ts`); none without a folder. */
export function profilerOptions(dir: string | undefined): Record<string, string> {
  if (dir === undefined) return {};
  return {
    NODE_OPTIONS: `--import ${join(import.meta.dirname, 'in-process.js')}`,
    BENCH_PROFILE_DIR: resolve(dir),
  };
}
