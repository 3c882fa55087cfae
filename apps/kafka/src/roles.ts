import { loadContracts } from '#contracts';
import { type ProvinceRoles } from '#local-kafka';
import { Problem } from '#problem';

/** Who takes part, from `contracts/agencies`: whoever provides a query answers, everyone may ask, the data bureau watches. */
export function provinceRoles(): ProvinceRoles {
  const agencies = [...loadContracts().agencies.values()];
  const [monitor, another] = agencies.filter((agency) => agency.class === 'data');
  if (!monitor || another)
    throw new Problem('config-invalid', {
      detail: 'contracts/agencies wants exactly one agency of class data',
    });
  return {
    providers: agencies.filter(({ provides }) => provides.length > 0).map(({ id }) => id),
    requesters: agencies.map(({ id }) => id),
    monitor: monitor.id,
  };
}
