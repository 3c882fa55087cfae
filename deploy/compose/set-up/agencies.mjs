import { loadContracts } from '#contracts';

/** The agency that signs the registry and has the monitor. */
export const PROVINCE = 'data-990000';

/** Gateways of an agency where it is not one. Each instance of a process writes a log of its own. */
const GATEWAYS = { 'housing-990100': 2 };

/** Every agency of the province, with the logs that its processes write. */
export function agencies() {
  return [...loadContracts().agencies.values()].map(({ id, provides }) => ({
    id,
    provides: provides.length > 0,
    gateways: id === PROVINCE ? 0 : (GATEWAYS[id] ?? 1),
  }));
}

/** `<agency>/<role>/<ordinal>` of each log. */
export function originsOf({ id, provides, gateways }) {
  const of = (role, count) => Array.from({ length: count }, (_, ordinal) => `${id}/${role}/${ordinal}`);
  return [...of('gateway', gateways), ...of('adapter', provides ? 1 : 0)];
}
