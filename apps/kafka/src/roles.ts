import { loadContracts } from '#contracts';
import { provinceRoles, type ProvinceRoles } from '#messaging';

/** Who takes part, from `contracts/agencies`. @throws Problem `config-invalid` as `provinceRoles` */
export function rolesOfContracts(): ProvinceRoles {
  return provinceRoles(loadContracts().agencies.values());
}
