import { type Row } from './sources/source-table.js';

const SPECIAL = /[\\\t\n\r]/g;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** One line of PostgreSQL's COPY text format. */
export function copyLine(row: Row): string {
  return `${row.map(copyCell).join('\t')}\n`;
}

function copyCell(cell: Row[number]): string {
  if (cell === null) return '\\N';
  return typeof cell === 'number'
    ? String(cell)
    : cell.replace(SPECIAL, (character) => ESCAPES[character] ?? character);
}
