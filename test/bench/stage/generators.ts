import { startWorker, type Worker } from './start-worker.js';
import { type Prop } from './stage.js';
import {
  type ClosedJob,
  type LoadResult,
  type OpenJob,
  type OpenResult,
  type Progress,
} from '../load/job.js';

/** The process that asks. */
export interface Generator {
  closed: (job: ClosedJob) => Promise<LoadResult>;
  open: (job: OpenJob) => Promise<OpenResult>;
  /** How far the closed job that runs has come. */
  progress: () => Promise<Progress>;
}

const generatorNamed = (name: string): Prop<Generator & { worker: Worker }> => ({
  name,
  open: async () => {
    const worker = await startWorker('load/generator', {});
    return {
      worker,
      closed: (job) => worker.call('closed', job),
      open: (job) => worker.call('open', job),
      progress: () => worker.call('progress'),
    };
  },
  close: ({ worker }) => worker.stop(),
});

export const generator = generatorNamed('load generator');
/** Asks the agency that does not answer, beside the other. */
export const secondGenerator = generatorNamed('second load generator');

/** @throws Error when a run had failures, or no answer at all: what did not answer was not measured */
export function requireGood(what: string, { answered, failures }: LoadResult): void {
  const words = Object.entries(failures).map(([failure, count]) => `${count} × ${failure}`);
  if (answered === 0) words.push('no answer within the time');
  if (words.length > 0) throw new Error(`${what}: ${words.join(', ')}`);
}
