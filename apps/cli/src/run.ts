import { CommanderError } from 'commander';
import { GatewayError } from '#client';
import { errorLine } from './error-line.js';
import { program } from './program.js';
import { type Cli, type Io } from './io.js';

/**
 * Runs one command line. Errors go to `err` in one line, `code title: detail (field)`.
 * @param argv without the program's own name
 * @returns the exit code: 0 ok, 1 the thing asked about is not so (or the gateway refused), 2 wrong usage or unreadable input
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const cli: Cli = { ...io, exitCode: 0 };
  try {
    await program(cli).parseAsync([...argv], { from: 'user' });
    return cli.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // it has told the usage already
    io.err(`${errorLine(error)}\n`);
    return error instanceof GatewayError ? 1 : 2;
  }
}
