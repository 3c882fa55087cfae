import { Command } from 'commander';
import { Problem } from '#problem';
import { compileRegistry, openRegistry, type RegisteredKey, type Registry } from '#registry';
import { readText } from '../../files/read-input.js';
import { pinnedKey } from '../../files/pinned-key.js';
import { printJson, printLines, type Cli } from '../../io.js';
import { keyJson, keyLines } from '../../words/keys.js';

/** Shows what a signed registry says, and whether the province said it. */
export function registryShow(cli: Cli): Command {
  return new Command('show')
    .description('show the agencies and keys of a signed registry')
    .argument('<file>', 'registry-<number>.note')
    .option('--registry-key <vkey>', 'verifier key of the province: refuse what it did not sign')
    .option('--json', 'print as JSON')
    .action((file: string, { registryKey, json }: { registryKey?: string; json?: boolean }) => {
      const note = readText(file, 'file');
      if (registryKey !== undefined) openRegistry(note, { pinned: pinnedKey(registryKey) });
      const registry = contentOf(note);
      const verified = registryKey !== undefined;
      if (json) printJson(cli, { verified, ...registry, keys: registry.keys.map(keyJson) });
      else printLines(cli, lines(registry, verified));
    });
}

/** What the note says, whoever signed it. @throws Problem `registry-invalid` */
function contentOf(note: string): Registry {
  try {
    const registry = JSON.parse(note.slice(0, note.indexOf('\n\n'))) as Registry;
    if (Array.isArray(registry.agencies) && Array.isArray(registry.keys)) return compileRegistry(registry);
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem('registry-invalid', { field: 'file', detail: 'not a signed registry', cause: error });
  }
  throw new Problem('registry-invalid', { field: 'file', detail: 'not a signed registry' });
}

function lines({ number, issuedAt, agencies, keys }: Registry, verified: boolean): string[] {
  return [
    `registry ${number} of ${issuedAt}, ${verified ? 'signed by the given key' : 'signature not checked (--registry-key)'}`,
    ...agencies.flatMap(({ id, class: kind, region, name }) => [
      `${id} (${kind}, ${region}) ${name}`,
      ...keys.filter(({ agency }) => agency === id).flatMap((key) => indented(key)),
    ]),
  ];
}

function indented(key: RegisteredKey): string[] {
  return keyLines(key).map((line) => `  ${line}`);
}
