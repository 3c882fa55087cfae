import { refuse } from './faults.js';

const FULL_WIDTH = /[\uff01-\uff5e]/u;
const SPACE = /\s/u;

/**
 * Refuses what a form or a spreadsheet adds to an identifier: nothing at all, full-width characters, spaces.
 * They are refused rather than repaired, so that each system that stores the number learns of it.
 */
export function requirePlainText(text: string, field: string | undefined): string {
  if (text === '') refuse('empty', field);
  if (FULL_WIDTH.test(text)) refuse('full-width', field);
  if (SPACE.test(text)) refuse('space', field);
  return text;
}
