import { cli } from './cli.fixture.js';
import { type Finding } from './words/findings.js';

/** What every `verify` command prints with --json. */
export interface Report {
  valid: boolean;
  findings: Finding[];
}

/** Runs a `verify` command that must be able to read its input. */
export async function report(...argv: string[]): Promise<{ code: number; report: Report }> {
  const { code, out, err } = await cli([...argv, '--json']);
  if (err !== '') throw new Error(err);
  return { code, report: JSON.parse(out) as Report };
}
