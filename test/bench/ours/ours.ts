import { type SchemeSource } from '#contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import { Addresses } from '../../../apps/demo/src/apart/addresses.js';
import { environmentOf } from '../../../apps/demo/src/apart/environment.js';
import { planProcesses } from '../../../apps/demo/src/apart/plan.js';
import { prepareBroker } from '../../../apps/demo/src/apart/prepare-broker.js';
import { Processes } from '../../../apps/demo/src/apart/processes.js';
import { clientOf } from '../../../apps/demo/src/province/doors.js';
import { type Instances } from '../../../apps/demo/src/province/instances.js';
import { prepareKeys, type ProvinceKeys } from '../../../apps/demo/src/province/keys.js';
import { PROVINCE } from '../../../apps/demo/src/province/province-agency.js';
import { publishSchemes } from '../../../apps/demo/src/province/publish-schemes.js';
import { type SignWith } from '../load/job.js';
import { profilerOptions } from '../profile/profiler.js';
import { cpuSeconds, memory } from '../stage/proc-stat.js';
import { HUNG_PROVIDER, PROVIDER, REQUESTER, servers, type Servers } from '../stage/servers.js';
import { type Prop, type Stage } from '../stage/stage.js';
import { signerOf } from './signer.js';

/** Our processes, started from `dist` by their `main` and their environment, as an agency runs them. */
export interface Ours {
  keys: ProvinceKeys;
  sign: SignWith;
  /** Starts an agency's gateway or adapter, unless it runs. */
  start: (
    agency: string,
    role: 'gateway' | 'adapter',
    ordinal?: number,
  ) => Promise<{ pid: number; url: string }>;
  /** A provider's schemes are in force, with quotas that no measurement reaches. */
  publish(provider: string): Promise<void>;
  pids(): ReadonlyMap<string, number>;
  /** CPU seconds of all of them so far. */
  cpu(): number;
  /** Resident memory of each, MB. */
  memory(): Record<string, { now: number; peak: number }>;
  stop(): Promise<void>;
}

const INSTANCES: Instances = { gateways: 2, adapters: 1 };
const ROOMY = { perDay: 1_000_000_000, perSubjectPerDay: 1_000_000, burst: 1_000_000 };

/** The requester's gateway and the provider's adapter; the province's monitor and the audit servers do not run, but every log's tails are sent. */
export const ours: Prop<Ours> = {
  name: 'our gateway and adapter',
  open: async (stage) => {
    const standing = await stage.use(servers);
    const opened = await openOurs(stage, standing);
    try {
      await opened.start(PROVIDER, 'adapter');
      await opened.start(REQUESTER, 'gateway');
      await opened.publish(PROVIDER);
      return opened;
    } catch (error) {
      await opened.stop();
      throw error;
    }
  },
  close: (opened) => opened.stop(),
};

async function openOurs(stage: Stage, { contracts, databases, kafka }: Servers): Promise<Ours> {
  const all = [...contracts.agencies.values()];
  const agencies = all.filter(({ id }) => [REQUESTER, PROVIDER, HUNG_PROVIDER, PROVINCE].includes(id));
  const keys = prepareKeys(stage.dir, all, PROVINCE, Date.now(), () => INSTANCES);
  await prepareBroker(kafka, agencies, 1, keys.registryNote);
  const planned = planProcesses(agencies, () => INSTANCES);
  const addresses = await Addresses.of(planned);
  const processes = new Processes(stage.dir, planned, (process) => ({
    ...environmentOf(process, { keys, databases, kafka, addresses }),
    ...profilerOptions(stage.options.profile),
  }));
  const running = new Map<string, number>();
  const start = async (agency: string, role: 'gateway' | 'adapter', ordinal = 0) => {
    const name = `${agency}.${role}.${ordinal}`;
    if (!running.has(name)) await processes.start(name);
    const { pid, url } = processes.child(name);
    running.set(name, pid);
    return { pid, url };
  };
  const doors = { keys, gatewaysOf: (agency: string) => addresses.of(agency, 'gateway').slice(0, 1) };
  const publish = async (provider: string): Promise<void> => {
    await start(provider, 'gateway');
    const agency = contracts.agencies.get(provider)!;
    const schemes = contracts.schemesOf(agency).map(withRoomyQuotas);
    await publishSchemes({ ...doors, contracts, clock: Date.now }, agency, schemes);
    await untilGranted(clientOf(doors, REQUESTER), provider);
    await processes.child(`${provider}.gateway.0`).stop();
    running.delete(`${provider}.gateway.0`);
  };
  return {
    ...{ keys, sign: signerOf(keys), start, publish },
    pids: () => running,
    cpu: () => [...running.values()].reduce((sum, pid) => sum + cpuSeconds(pid), 0),
    memory: () => Object.fromEntries([...running].map(([name, pid]) => [name, memory(pid)])),
    stop: () => processes.stopAll(),
  };
}

function withRoomyQuotas(scheme: SchemeSource): SchemeSource {
  return { ...scheme, grants: scheme.grants.map((grant) => ({ ...grant, quota: ROOMY })) };
}

const GRANTED_MS = 20_000;

/** The requester's gateway has taken the provider's bundle from the transport. */
async function untilGranted(client: ReturnType<typeof clientOf>, provider: string): Promise<void> {
  for (const end = Date.now() + GRANTED_MS; Date.now() < end; await sleep(100)) {
    const quotas = await client.quotas();
    if (quotas.some((quota) => quota.provider === provider && quota.perDay.limit === ROOMY.perDay)) return;
  }
  throw new Error(`the schemes of ${provider} did not reach ${REQUESTER}`);
}
