import { type Agency } from '#contracts';
import { PROVINCE } from '../province/province-agency.js';
import { systemOf } from '../province/systems.js';
import { type Instances } from '../province/instances.js';

/** One process to run: which program, for whom, as which of its kind. */
export interface Planned {
  /** `housing-990100.gateway.0` */
  name: string;
  /** The folder under `apps`. */
  app: string;
  agency: string;
  role: 'gateway' | 'adapter' | 'audit' | 'monitor';
  ordinal: number;
}

/** Every process of a province, in the order in which they start: who answers before who asks, who is watched before who watches. */
export function planProcesses(
  agencies: readonly Agency[],
  instancesOf: (agency: Agency) => Instances,
): Planned[] {
  const nodes = agencies.filter(({ id }) => id !== PROVINCE);
  return [
    ...nodes.flatMap((agency) => adaptersOf(agency, instancesOf(agency).adapters)),
    ...nodes.flatMap(({ id }) => several(id, 'audit', 'audit', 1)),
    ...several(PROVINCE, 'monitor', 'monitor', 1),
    ...nodes.flatMap((agency) => several(agency.id, 'gateway', 'gateway', instancesOf(agency).gateways)),
  ];
}

function adaptersOf(agency: Agency, count: number): Planned[] {
  const system = systemOf(agency);
  return system ? several(agency.id, 'adapter', system.adapter, count) : [];
}

function several(agency: string, role: Planned['role'], app: string, count: number): Planned[] {
  return Array.from({ length: count }, (_, ordinal) => {
    return { name: `${agency}.${role}.${ordinal}`, app, agency, role, ordinal };
  });
}
