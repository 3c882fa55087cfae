import { type Contracts } from '#contracts';
import { type Names } from '#sharing';

/** What ids are called, for sentences. */
export function namesOf({ contracts, agencies }: Contracts): Names {
  return { contracts, agencies: new Map([...agencies.values()].map(({ id, name }) => [id, name])) };
}
