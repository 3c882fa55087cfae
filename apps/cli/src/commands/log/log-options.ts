import { InvalidArgumentError, type Command } from 'commander';
import { trustRegistry, verifiersFor, type LogTrust } from '#client';
import { Problem } from '#problem';
import { type KeyStore } from '#registry';
import { type NoteVerifier } from '#tlog';
import { openStore } from '../../files/store.js';
import { registryOf, withRegistry, type TrustOptions } from '../../files/trust.js';
import { withDatabase } from '../../files/node-database.js';

export interface LogOptions {
  database: string;
  origin: string;
  json?: boolean;
}

/** What mending a log of the own node takes. */
export interface OwnLogOptions extends LogOptions, TrustOptions {
  store: string;
}

export function withLog(command: Command): Command {
  return withDatabase(command)
    .requiredOption('--origin <origin>', 'the log, <agency>/<role>/<ordinal>', origin)
    .option('--json', 'print as JSON');
}

export function withOwnLog(command: Command): Command {
  const described = withLog(command).requiredOption('--store <dir>', 'the node’s directory with its keys');
  return withRegistry(described);
}

/** `<agency>/<role>/<ordinal>` */
export function origin(text: string): string {
  if (/^[A-Za-z0-9._-]{1,64}\/[a-z][a-z-]{0,31}\/\d{1,6}$/.test(text)) return text;
  throw new InvalidArgumentError('<agency>/<role>/<ordinal> is wanted.');
}

export function agencyOf(log: string): string {
  return log.slice(0, log.indexOf('/'));
}

export interface OwnLog {
  keys: KeyStore;
  /** The log's key for a checkpoint. @throws Problem `log-tampered` when there is none for a tree of its size */
  verifierOf: (checkpoint: string) => NoteVerifier;
}

/** The key store of the log's agency, and the log's keys: as registered where a registry is given, else as in the store. */
export function openOwnLog(command: Command, options: OwnLogOptions): OwnLog {
  const registry = registryOf(command, options);
  const keys = openStore({ store: options.store, agency: agencyOf(options.origin) });
  const trust = registry ? trustRegistry(registry) : trustOwn(keys);
  return { keys, verifierOf: (checkpoint) => verifierOf(trust, checkpoint) };
}

function trustOwn(keys: KeyStore): LogTrust {
  return trustRegistry({
    logKeys: (log) =>
      keys
        .keys('log')
        .filter((key) => key.origin === log)
        .map(({ publicKey, fromSize = 0, toSize }) => ({
          publicKey: Buffer.from(publicKey, 'base64url'),
          fromSize,
          ...(toSize !== undefined && { toSize }),
        })),
    logOwner: () => keys.agency,
  });
}

function verifierOf(trust: LogTrust, checkpoint: string): NoteVerifier {
  const [verifier] = verifiersFor(trust, checkpoint);
  if (verifier) return verifier;
  throw new Problem('log-tampered', {
    field: 'checkpoint',
    detail: 'no key of this log signs a tree of this size',
  });
}
