import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { startProvince, type Province, type ProvinceOptions } from '#apps/demo';
import { createLogger } from '#observability';

export interface TestProvince extends Province {
  /** Every log line that any process of the province wrote. */
  logLines: string[];
  /** Where it is kept: `registry.note`, and each agency's keys under `nodes/<agency>`. */
  dir: string;
}

/**
 * A whole province for the specs of one file: real PostgreSQL (not synced), real HTTP, the in-process bus, 60 people.
 * With `busHistory` the bus keeps all bytes ever published.
 */
export function useProvince(
  options: Pick<Partial<ProvinceOptions>, 'persons' | 'busHistory' | 'retryMs'> = {},
): () => TestProvince {
  let province: TestProvince | undefined;
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'province-'));
    await chmod(dir, 0o711); // PostgreSQL may run as another user
    const logLines: string[] = [];
    const started = await startProvince({
      dir,
      seed: 7,
      persons: 60,
      ...options,
      settings: { fsync: 'off', synchronous_commit: 'off' },
      logger: createLogger('debug', { write: (line: string) => void logLines.push(line) }),
    });
    province = { ...started, logLines, dir };
  }, 180_000);
  afterAll(async () => {
    await province?.close();
    await rm(dir, { recursive: true, force: true });
  });
  return () => province!;
}
