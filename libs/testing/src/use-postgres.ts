import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#database';

/** A durable server of one's own (fsync on) that a spec may crash. Port and URLs stay the same across restarts. */
export interface CrashablePostgres {
  /** The running server; another object after `start`. */
  server(): EmbeddedPostgres;
  /** An ordinary role's database. */
  url(): string;
  /** PostgreSQL's immediate shutdown: every backend ends at once, nothing is flushed, the next start recovers from WAL. */
  crash(): Promise<void>;
  /** Starts it again on the same files and port. */
  start(): Promise<void>;
}

export function usePostgres(settings: Readonly<Record<string, string>> = {}): CrashablePostgres {
  let dir: string;
  let server: EmbeddedPostgres | undefined;
  let url: string | undefined;
  const running = () => server ?? fail();
  const start = async (port: number) => {
    server = await startEmbeddedPostgres({ dir, port, settings, ephemeral: true });
  };
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'exchange-gateway-crash-'));
    await chmod(dir, 0o700);
    await start(0);
    url = await running().createDatabase('spec');
  });
  afterAll(async () => {
    await server?.stop();
    await rm(dir, { recursive: true, force: true });
  });
  return {
    server: running,
    url: () => url ?? fail(),
    crash: () => running().stop('immediate'),
    start: () => start(running().port),
  };
}

function fail(): never {
  throw new Error('use it inside a test or a later hook: beforeAll has not run');
}
