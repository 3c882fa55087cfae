import { GatewayError } from '#client';
import { Problem, PROBLEMS } from '#problem';
import { NoteError } from '#tlog';
import { printable } from './io.js';

/** An error in one line, without a stack. What a server says of it may not move the cursor either. */
export function errorLine(error: unknown): string {
  if (error instanceof GatewayError) return line(error.code, error.title, error.detail, error.field);
  if (error instanceof Problem) {
    return line(error.code, PROBLEMS[error.problem].title, error.detail ?? faultsOf(error), error.field);
  }
  if (error instanceof NoteError) return errorLine(new Problem('input-unreadable', { detail: error.detail }));
  const { code, title } = PROBLEMS.internal;
  return line(code, title, error instanceof Error ? error.message : String(error), undefined);
}

function line(code: number, title: string, detail: string | undefined, field: string | undefined): string {
  const text = `${code} ${title}${detail ? `: ${detail}` : ''}${field === undefined ? '' : ` (${field})`}`;
  return printable(text.replaceAll(/\s*\n\s*/g, '; '));
}

/** Lists of faults as `compileBundle` and `compileRegistry` give them. */
function faultsOf({ extensions }: Problem): string | undefined {
  const faults = extensions['faults'];
  if (!Array.isArray(faults)) return undefined;
  return (faults as { scheme?: string; path?: string; field?: string; fault?: string }[])
    .map(({ scheme = '', path, field, fault }) => `${scheme} ${path ?? field ?? ''} ${fault ?? ''}`.trim())
    .join('; ');
}
