import { Problem } from '#problem';
import { Faults } from './faults.js';
import { contractsRoot, DataFiles } from './files.js';
import {
  type Agency,
  type Contract,
  type ContractExample,
  type QueryId,
  type SchemeSource,
} from './model.js';
import { type Directory, readDirectory } from './read-directory.js';
import { readContract, readSchema } from './read-contract.js';
import { readExamples } from './read-examples.js';
import { readSchemes } from './read-schemes.js';
import { ShapedFiles } from './shapes.js';

/** Everything under `/contracts`, validated as a whole. */
export interface Contracts extends Directory {
  /** The folder it was read from. */
  root: string;
  contracts: ReadonlyMap<QueryId, Contract>;
  examples: ReadonlyMap<QueryId, readonly ContractExample[]>;
  schemes: readonly SchemeSource[];
  /** By `HR-SI-01@1` exactly, by `HR-SI-01` the newest version. @throws Problem `unknown-query`, `unknown-version` */
  find: (codeOrId: string) => Contract;
  /** Schemes that bind this provider: its own and those written for its class. */
  schemesOf: (provider: Agency) => SchemeSource[];
}

/**
 * Reads the contracts folder (by default the one of this checkout), synchronously, once per process.
 * @throws Problem `registry-invalid` that lists every fault with file and path; nothing is ever half loaded.
 */
export function loadContracts(dir?: string): Contracts {
  const faults = new Faults();
  const shaped = new ShapedFiles(new DataFiles(contractsRoot(dir), faults));
  const folders = readContracts(shaped);
  const contracts = new Map([...folders.values()].map((contract) => [contract.id, contract]));
  const directory = readDirectory(shaped, contracts.values());
  const schemes = readSchemes(shaped, contracts, directory);
  const examples = new Map(
    [...folders].map(([folder, contract]) => [contract.id, readExamples(shaped, folder, contract)]),
  );
  faults.throwIfAny();
  return {
    root: shaped.files.root,
    ...directory,
    contracts,
    examples,
    schemes,
    find: (codeOrId) => find(contracts, codeOrId),
    schemesOf: ({ id, class: kind }) =>
      schemes.filter(({ provider }) => provider === id || provider === kind),
  };
}

function readContracts(shaped: ShapedFiles): Map<string, Contract> {
  const common = readSchema(shaped.files, 'common/request.schema.json') ?? {};
  const read = shaped.files
    .folders('queries')
    .map((folder) => [folder, readContract(shaped, folder, common)] as const);
  return new Map(read.filter((entry): entry is readonly [string, Contract] => entry[1] !== undefined));
}

function find(contracts: ReadonlyMap<QueryId, Contract>, codeOrId: string): Contract {
  const exact = contracts.get(codeOrId as QueryId);
  if (exact) return exact;
  const [code, version] = codeOrId.split('@');
  const versions = [...contracts.values()].filter((contract) => contract.code === code);
  if (versions.length === 0) throw new Problem('unknown-query');
  if (version !== undefined) throw new Problem('unknown-version');
  return versions.reduce((newest, contract) => (contract.version > newest.version ? contract : newest));
}
