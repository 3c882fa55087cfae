import { type Command } from 'commander';
import { trustKeys, trustRegistry, type LogTrust } from '#client';
import { openRegistry, type RegistryView } from '#registry';
import { pinnedKey } from './pinned-key.js';
import { readText } from './read-input.js';

/** Options that say whose signatures are believed. */
export interface TrustOptions {
  keys?: string;
  registry?: string;
  registryKey?: string;
}

export function withRegistry(command: Command): Command {
  return command
    .option('--registry <file>', 'signed registry with the keys of all logs')
    .option('--registry-key <vkey>', 'verifier key of the province that signed the registry');
}

export function withTrust(command: Command): Command {
  return withRegistry(command).option('--keys <file>', 'verifier keys of the logs, one a line');
}

/** The trust that a command cannot do without; explained as wrong usage when there is none. */
export function requireTrust(command: Command, options: TrustOptions): LogTrust {
  const trust = trustOf(command, options);
  return trust ?? command.error('error: either --keys, or --registry with --registry-key, is wanted');
}

/** Undefined when no option asks for verification. @throws Problem when what they name cannot be read or believed */
export function trustOf(command: Command, options: TrustOptions): LogTrust | undefined {
  if (options.keys !== undefined && options.registry !== undefined) {
    command.error('error: --keys and --registry exclude each other');
  }
  const registry = registryOf(command, options);
  if (registry) return trustRegistry(registry);
  return options.keys === undefined ? undefined : keysIn(options.keys);
}

/** The signed registry that the options name. @throws Problem `registry-signature` and as `openRegistry` */
export function registryOf(command: Command, options: TrustOptions): RegistryView | undefined {
  const { registry, registryKey } = options;
  if (registry === undefined && registryKey === undefined) return undefined;
  if (registry === undefined || registryKey === undefined) {
    return command.error('error: --registry and --registry-key belong together');
  }
  return openRegistry(readText(registry, '--registry'), {
    pinned: pinnedKey(registryKey),
  });
}

function keysIn(path: string): LogTrust {
  const lines = readText(path, '--keys').split(/\r?\n/);
  const texts = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  texts.forEach((text, i) => pinnedKey(text, `--keys line ${i + 1}`));
  return trustKeys(texts);
}
