/** Exit codes of programs ended by a signal: 128 + its number. */
export const SIGNAL_EXITS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * What a program was told on its command line. Asked for help it prints its usage and ends with 0; told something wrong it
 * says what, with the usage, and ends with 2.
 * @param read throws an Error that says what is wrong with the arguments
 */
export function readCommandLine<T extends object>(usage: string, read: (args: string[]) => T | 'help'): T {
  try {
    const options = read(process.argv.slice(2));
    if (options !== 'help') return options;
    process.stdout.write(usage);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
}
