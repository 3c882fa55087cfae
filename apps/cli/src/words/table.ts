/** Characters that a terminal shows two columns wide, as far as these tables hold any. */
const WIDE = /[\p{Script=Han}\u3000-\u303f\uff00-\uff60\uffe0-\uffe6]/u;

/** Lines of a table with its columns under each other; columns of numbers stand to the right. */
export function tableLines(headers: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = headers.map((header, i) =>
    Math.max(...[header, ...rows.map((row) => row[i] ?? '')].map(width)),
  );
  const numbers = headers.map((_, i) => rows.length > 0 && rows.every((row) => /^\d+$/.test(row[i] ?? '')));
  return [headers, ...rows].map((row) =>
    widths
      .map((wanted, i) => padded(row[i] ?? '', wanted, numbers[i]!))
      .join('  ')
      .trimEnd(),
  );
}

function padded(text: string, wanted: number, right: boolean): string {
  const space = ' '.repeat(wanted - width(text));
  return right ? space + text : text + space;
}

function width(text: string): number {
  return [...text].reduce((sum, char) => sum + (WIDE.test(char) ? 2 : 1), 0);
}
