import { type Contract } from '../model.js';

/** `HR-SI-01@1` → `HrSi01`, `HR-SI-01@2` → `HrSi01V2`. */
export function typeName({ code, version }: Contract): string {
  const parts = code.split('-').map((part) => part.charAt(0) + part.slice(1).toLowerCase());
  return `${parts.join('')}${version === 1 ? '' : `V${version}`}`;
}

/** `HR-SI-01`, `HR-SI-01-v2`: as the folder of the contract. */
export function folderName({ code, version }: Contract): string {
  return version === 1 ? code : `${code}-v${version}`;
}

/** Contracts by id, so that the order of files on disk does not show. */
export function inOrder(contracts: Iterable<Contract>): Contract[] {
  return [...contracts].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
