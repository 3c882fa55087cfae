import { Problem } from '#problem';
import { errorLine } from '../../error-line.js';
import { type Cli } from '../../io.js';

/** Runs work on a log; what the log itself does not allow (taken, behind, not as it was signed) is an answer: exit code 1. */
export async function unlessRefused(cli: Cli, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Problem) || !error.problem.startsWith('log-')) throw error;
    cli.err(`${errorLine(error)}\n`);
    cli.exitCode = 1;
  }
}
