import { type Contract, type Contracts, type GrantSource, type SchemeSource } from '#contracts';
import { readQuestion } from './question.js';

/** A query with what its page tells beside the contract. */
export interface Entry {
  contract: Contract;
  /** How it is called in addresses: the newest version by its code, an older one as `code@version`. */
  name: string;
  /** What it asks, with the `code` marks of Markdown. */
  question: string;
}

/** A grant with the two who signed and received it. */
export interface SignedGrant extends Pick<SchemeSource, 'provider' | 'requester'> {
  grant: GrantSource;
}

/** All queries by owner class and code. @throws Problem `registry-invalid` */
export async function readCatalogue({ root, contracts, find }: Contracts): Promise<Entry[]> {
  const ordered = [...contracts.values()].toSorted(
    (a, b) => OWNER_ORDER.indexOf(a.owner) - OWNER_ORDER.indexOf(b.owner) || (a.id < b.id ? -1 : 1),
  );
  return Promise.all(
    ordered.map(async (contract) => ({
      contract,
      name: find(contract.code) === contract ? contract.code : contract.id,
      question: await readQuestion(root, contract),
    })),
  );
}

const OWNER_ORDER = ['hrss', 'fund', 'housing', 'data'];

/** Everything that the schemes in the contracts folder grant, in their order. */
export function allGrants({ schemes }: Contracts): SignedGrant[] {
  return schemes.flatMap(({ provider, requester, grants }) =>
    grants.map((grant) => ({ provider, requester, grant })),
  );
}
