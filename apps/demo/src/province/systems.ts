import { startFundAdapter } from '#apps/adapter-fund';
import { startHousingAdapter } from '#apps/adapter-housing';
import { startHrssAdapter } from '#apps/adapter-hrss';
import { startSampleAdapter } from '#apps/adapter-sample';
import { type RunningAdapter, type SourceAdapterOptions } from '#adapter';
import { type Agency } from '#contracts';
import { type Migration } from '#database';
import { Problem } from '#problem';
import { fundSource, housingSource, hrssSource } from '#synthetic';
import { ONE_EACH, type Instances } from './instances.js';

/** A system that an agency may have behind its node. */
export interface System {
  /** The app that answers from it, `apps/<adapter>`. */
  adapter: string;
  start: (options: SourceAdapterOptions) => Promise<RunningAdapter>;
  /** Its tables, where the synthetic people are loaded into it; absent: it fills itself. */
  tables?: { vocabulary: 'housing' | 'hrss' | 'fund'; migrations: readonly Migration[] };
}

/** Every system there is an adapter for. */
const SYSTEMS = {
  housing: {
    ...{ adapter: 'adapter-housing', start: startHousingAdapter },
    tables: { vocabulary: 'housing', migrations: housingSource },
  },
  hrss: {
    ...{ adapter: 'adapter-hrss', start: startHrssAdapter },
    tables: { vocabulary: 'hrss', migrations: hrssSource },
  },
  fund: {
    ...{ adapter: 'adapter-fund', start: startFundAdapter },
    tables: { vocabulary: 'fund', migrations: fundSource },
  },
  bank: { adapter: 'adapter-sample', start: startSampleAdapter },
} as const satisfies Record<string, System>;

/** What an agency has that its class does not say: one line each. */
const PARTICULARS: Readonly<Record<string, { system?: keyof typeof SYSTEMS; apart?: Partial<Instances> }>> = {
  'fund-990102': { system: 'bank' }, // the newcomer of docs/guides/adapter.md
  'housing-990100': { apart: { gateways: 2 } },
  'hrss-990000': { apart: { adapters: 2 } },
};

/** The system of an agency that answers; undefined for one that only asks. @throws Problem `config-invalid` */
export function systemOf({ id, class: kind, provides }: Agency): System | undefined {
  if (provides.length === 0) return undefined;
  const name = PARTICULARS[id]?.system ?? kind;
  if (Object.hasOwn(SYSTEMS, name)) return SYSTEMS[name as keyof typeof SYSTEMS];
  throw new Problem('config-invalid', { detail: `${id} answers, and no system of the demo is of its class` });
}

/** Instances where every process runs for itself; in one process each agency has one of each. */
export function instancesApart({ id }: Pick<Agency, 'id'>): Instances {
  return { ...ONE_EACH, ...PARTICULARS[id]?.apart };
}
