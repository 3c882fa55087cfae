import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attachEmbeddedPostgres, type RunningPostgres, startEmbeddedPostgres } from '#database';

/** A commit that is never waited for and never survives: what a spec of behaviour needs, and ten times faster. */
const VOLATILE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', shared_buffers: '64MB' };

/**
 * The cluster of this Jest worker, started by the first spec file that needs one. Jest gives each file its own modules but
 * not its own process, so later files find the server by the process id; its guard removes it when the worker ends.
 */
export async function workerPostgres(): Promise<RunningPostgres> {
  const dir = join(tmpdir(), `exchange-gateway-jest-${process.pid}`);
  return (
    (await attachEmbeddedPostgres(dir)) ??
    (await startEmbeddedPostgres({ dir, settings: VOLATILE, ephemeral: true }))
  );
}
