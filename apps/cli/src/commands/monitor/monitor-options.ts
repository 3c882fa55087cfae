import { type Command } from 'commander';
import { Problem } from '#problem';
import { readSigningKey } from '../../files/key-file.js';
import { openServer } from '../../files/node-server.js';
import { type Cli } from '../../io.js';

/** Options of every command that reads the province's monitor. */
export interface MonitorOptions {
  monitor: string;
  key: string;
  json?: boolean;
}

export function withMonitor(command: Command): Command {
  return command
    .requiredOption('--monitor <url>', 'the province’s monitor')
    .requiredOption('--key <file>', 'http-signature key: class data sees all, others what they take part in')
    .option('--json', 'print as JSON');
}

/**
 * What the monitor answers to a path with these parameters; absent ones are left out.
 * @throws GatewayError what it refused; Problem `input-unreadable` for what is no answer with this list or number
 */
export async function read<T>(
  cli: Cli,
  { monitor, key }: MonitorOptions,
  asked: { path: string; member: keyof T & string; parameters?: Record<string, string | undefined> },
): Promise<T> {
  const { path, member, parameters = {} } = asked;
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) given.set(name, value);
  const query = given.size === 0 ? '' : `?${given.toString()}`;
  const server = openServer(monitor, { option: '--monitor', key: readSigningKey(key), cli });
  const answer = (await server.getJson(path + query)) as T;
  const value: unknown = answer[member];
  if (Array.isArray(value) || typeof value === 'number') return answer;
  throw new Problem('input-unreadable', { field: '--monitor', detail: 'not the answer of a monitor' });
}
