/** Controls, marks of direction and other invisible characters, separators of lines. */
const OBEYED = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

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

/** Prints one JSON document; what a terminal would obey stands in it as `\uXXXX`, which is the same document. */
export function printJson({ out }: Pick<Io, 'out'>, value: unknown): void {
  const json = JSON.stringify(value, null, 2); // its only bare newlines are the layout's
  out(`${json.replaceAll(OBEYED, (char) => (char === '\n' ? char : escaped(char)))}\n`);
}

/** Prints lines, each as far as it is {@link printable}. */
export function printLines({ out }: Pick<Io, 'out'>, lines: readonly string[]): void {
  out(lines.map((line) => `${printable(line)}\n`).join(''));
}

/** What comes from another agency may not move the cursor or hide a line. */
export function printable(text: string): string {
  return text.replaceAll(OBEYED, '\uFFFD');
}

/** JSON knows code units only: a character beyond U+FFFF is two of them. */
function escaped(char: string): string {
  return char
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
