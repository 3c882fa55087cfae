import { type Command } from 'commander';
import { Problem } from '#problem';
import { readSigningKey } from '../../files/key-file.js';
import { openServer, requirePrivateWay, type NodeServer } from '../../files/node-server.js';
import { withTrust, type TrustOptions } from '../../files/trust.js';
import { type Cli } from '../../io.js';

/** Options of every command that asks an audit server. */
export interface AuditOptions extends TrustOptions {
  audit: string;
  key: string;
  contracts?: string;
  plainHttp?: boolean;
  json?: boolean;
}

export function withAudit(command: Command): Command {
  return withTrust(command)
    .requiredOption('--audit <url>', 'audit server of the node whose logs these are')
    .requiredOption('--key <file>', 'http-signature key of the agency that asks')
    .option('--contracts <dir>', 'contracts folder with the titles')
    .option('--plain-http', 'allow http: to another machine')
    .option('--json', 'print as JSON');
}

/**
 * What these commands read is private: lines that a log keeps to its owner, and who is looked for.
 * @throws Problem `input-unreadable` also for a way that others can read, `key-store`
 */
export function openAudit({ audit, key, plainHttp }: AuditOptions, cli: Cli): NodeServer {
  if (!plainHttp) requirePrivateWay(audit, '--audit');
  return openServer(audit, { option: '--audit', key: readSigningKey(key), cli });
}

/** A list in an answer, of objects that have this member. @throws Problem `input-unreadable` for another answer */
export function listIn<T extends object>(answer: unknown, name: string, member: keyof T & string): T[] {
  const items = (answer as Record<string, unknown>)[name];
  const has = (item: unknown) => typeof item === 'object' && item !== null && Object.hasOwn(item, member);
  if (Array.isArray(items) && items.every(has)) return items as T[];
  throw new Problem('input-unreadable', { field: '--audit', detail: 'not the answer of an audit server' });
}
