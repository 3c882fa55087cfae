import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll } from '@jest/globals';
import { openRegistry, type RegistryView } from '#registry';
import { parseVerifierKey } from '#tlog';
import { done, useFolder } from './cli.fixture.js';

export const LOG = 'hrss-990000/adapter/0';

/** Key stores of three agencies and the registry of their keys, all made by the commands themselves. */
export interface Province {
  path: (...parts: string[]) => string;
  /** Key file of the housing bureau's system. */
  key: string;
  registryFile: string;
  registryKey: string;
  view(): RegistryView;
}

export function useProvince(): Province {
  const path = useFolder();
  const province: Province = {
    path,
    key: path('housing', 'keys', 'http-signature.000001.json'),
    registryFile: path('registry', 'registry-000001.note'),
    registryKey: '',
    view: () =>
      openRegistry(readFileSync(province.registryFile, 'utf8'), {
        pinned: parseVerifierKey(province.registryKey),
      }),
  };
  beforeAll(async () => {
    const made = await makeKey(path('data'), 'data-990000', 'registry');
    province.registryKey = made.verifierKey!;
    const housing = await makeKey(path('housing'), 'housing-990100', 'http-signature');
    const hrss = await makeKey(path('hrss'), 'hrss-990000', 'http-signature');
    await makeKey(path('hrss'), 'hrss-990000', 'scheme');
    await makeKey(path('hrss'), 'hrss-990000', 'log', '--origin', LOG);
    const documents = [
      await document(path, 'housing', 'housing-990100', 'housing-990100/http-signature/1'),
      await document(path, 'hrss', 'hrss-990000', 'hrss-990000/http-signature/1'),
      await document(path, 'hrss', 'hrss-990000', 'hrss-990000/scheme/1'),
      await document(path, 'hrss', 'hrss-990000', LOG),
    ];
    await done([
      ...['keys', 'register', '--store', path('data'), '--agency', 'data-990000'],
      ...['--registry-source', path('registry'), '--registration', ...documents],
      ...['--fingerprint', housing.fingerprint, hrss.fingerprint],
    ]);
  });
  return province;
}

interface Made {
  id: string;
  fingerprint: string;
  verifierKey?: string;
}

export async function makeKey(store: string, agency: string, use: string, ...more: string[]): Promise<Made> {
  const out = await done([
    'keys',
    'make',
    '--store',
    store,
    '--agency',
    agency,
    '--use',
    use,
    ...more,
    '--json',
  ]);
  return JSON.parse(out) as Made;
}

async function document(
  path: Province['path'],
  store: string,
  agency: string,
  id: string,
  ...more: string[]
): Promise<string> {
  const file = path(`${id.replaceAll('/', '.')}.registration`);
  writeFileSync(
    file,
    await done(['keys', 'registration', '--store', path(store), '--agency', agency, '--id', id, ...more]),
  );
  return file;
}
