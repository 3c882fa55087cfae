import { Problem } from '#problem';

/** Who takes part in a province's exchange, by agency id; its topics and all rules follow from it. */
export interface ProvinceRoles {
  /** Who answers questions: has a request topic. */
  providers: readonly string[];
  /** Who asks: has a reply topic. */
  requesters: readonly string[];
  /** Whose node has the monitor and signs the registry. */
  monitor: string;
}

/** What the roles of an agency follow from, as `contracts/agencies` says it. */
interface TakingPart {
  id: string;
  class: string;
  provides: readonly unknown[];
}

/**
 * Whoever provides a query answers, everyone may ask, the data bureau watches.
 * @throws Problem `config-invalid` unless exactly one agency is of class `data`
 */
export function provinceRoles(agencies: Iterable<TakingPart>): ProvinceRoles {
  const all = [...agencies];
  const [monitor, another] = all.filter((agency) => agency.class === 'data');
  if (!monitor || another)
    throw new Problem('config-invalid', {
      detail: 'contracts/agencies wants exactly one agency of class data',
    });
  return {
    providers: all.filter(({ provides }) => provides.length > 0).map(({ id }) => id),
    requesters: all.map(({ id }) => id),
    monitor: monitor.id,
  };
}
