/** What a command may touch of the world outside files and network; specs give their own. */
export interface Io {
  out: (text: string) => void;
  err: (text: string) => void;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** All of standard input. */
  stdin: () => Promise<string>;
}

/** One run of the program: its surroundings and what it will exit with. */
export interface Cli extends Io {
  /** 0 yes, 1 the thing asked about is not so; wrong usage and unreadable input are thrown. */
  exitCode: 0 | 1;
}

/** Prints one JSON document. */
export function printJson({ out }: Pick<Io, 'out'>, value: unknown): void {
  out(`${JSON.stringify(value, null, 2)}\n`);
}

/** Prints lines. */
export function printLines({ out }: Pick<Io, 'out'>, lines: readonly string[]): void {
  out(lines.map((line) => `${line}\n`).join(''));
}
