import { join } from 'node:path';
import { Problem } from '#problem';
import { describeFindings } from '../gate/finding.js';
import { compareReleases } from '../gate/gate.js';
import { lastReleased, snapshotOf, writeRelease } from '../gate/snapshot.js';
import { type Contracts, loadContracts } from '../load-contracts.js';
import { asyncapiDocument } from './asyncapi/document.js';
import { openapiDocument } from './openapi/document.js';
import { type Output, printJson, staleOutputs, writeOutputs } from './output.js';
import { generateTypes } from './types.js';
import { asyncapiFaults, openapiFaults } from './validate.js';

const USAGE = 'write | check | gate | release <n.n.n>';

/** Each command gives the lines that make it fail; none is success. */
const commands: Readonly<
  Record<string, (contracts: Contracts, argument?: string) => Promise<string[]> | string[]>
> = {
  write: async (contracts) => {
    writeOutputs(join(contracts.root, '..'), await generate(contracts));
    return [];
  },
  check: async (contracts) => [...(await checkOutputs(contracts)), ...gate(contracts)],
  gate,
  release: (contracts, version = '') => {
    const refused = gate(contracts);
    if (refused.length === 0) writeRelease(contracts.root, version, snapshotOf(contracts));
    return refused;
  },
};

async function generate(contracts: Contracts): Promise<Output[]> {
  return [
    ...(await generateTypes(contracts.contracts.values())),
    { path: 'contracts/generated/openapi.json', text: printJson(openapiDocument(contracts)) },
    { path: 'contracts/generated/asyncapi.json', text: printJson(asyncapiDocument(contracts)) },
  ];
}

async function checkOutputs(contracts: Contracts): Promise<string[]> {
  const outputs = await generate(contracts);
  const stale = staleOutputs(join(contracts.root, '..'), outputs);
  if (stale.length > 0) return stale.map((path) => `${path}: is not what the contracts give; run "write"`);
  return [
    ...(await asyncapiFaults(printJson(asyncapiDocument(contracts)))),
    ...(await openapiFaults(
      join(contracts.root, 'generated/openapi.json'),
      join(contracts.root, 'redocly.yaml'),
    )),
  ];
}

function gate(contracts: Contracts): string[] {
  const last = lastReleased(contracts.root);
  if (!last) return [];
  const findings = compareReleases(last.snapshot, snapshotOf(contracts));
  const lines = describeFindings(findings);
  if (findings.some(({ declared }) => !declared)) return lines;
  for (const line of lines) console.log(line);
  return [];
}

const [name = '', argument] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
try {
  const failures = command ? await command(loadContracts(), argument) : [USAGE];
  for (const line of failures) console.error(line);
  process.exitCode = failures.length > 0 ? 1 : 0;
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
