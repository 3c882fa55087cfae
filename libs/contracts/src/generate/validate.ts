import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { Parser } from '@asyncapi/parser';
import { isObject } from '../schema.js';

/** What @asyncapi/parser holds against a document: errors and warnings, one line each. */
export async function asyncapiFaults(document: string): Promise<string[]> {
  const diagnostics = await new Parser().validate(document);
  return diagnostics
    .filter(({ severity }) => Number(severity) <= WARNING)
    .map(({ path, message }) => `/${path.join('/')}: ${message}`);
}

/** Severities of the parser: 0 error, 1 warning, 2 information, 3 hint. */
const WARNING = 1;

/** What the OpenAPI linter says of a file; empty when it is content. Offline: no telemetry, no look for updates. */
export async function openapiFaults(file: string, config: string): Promise<string[]> {
  const lint = [redocly(), 'lint', file, '--config', config, '--format', 'stylish', '--max-problems', '50'];
  try {
    await promisify(execFile)(process.execPath, lint, { env: { ...process.env, ...QUIET } });
    return [];
  } catch (error) {
    if (!isObject(error) && !(error instanceof Error)) throw error;
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    if (!stdout && !stderr) throw error;
    return `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '');
  }
}

const QUIET = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };

function redocly(): string {
  return createRequire(import.meta.url).resolve('@redocly/cli/bin/cli.js');
}
