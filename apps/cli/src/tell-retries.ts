import { type Attempt } from '#client';
import { printable, type Io } from './io.js';

/** Says that an address did not take a call, once for each address and what it suffers from, however often it is tried. */
export function tellRetries({ err }: Pick<Io, 'err'>): (attempt: Attempt) => void {
  const told = new Set<string>();
  return ({ gateway, problem, detail = '' }) => {
    const trouble = `${gateway}: ${problem}`;
    if (!told.has(trouble)) err(`${printable(`${trouble} ${detail}`.trimEnd())}\n`);
    told.add(trouble);
  };
}
