import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { projectRoot } from '#config';

/** One process of ours as a deployment file runs it. */
export interface Deployed {
  /** Which file, and which part of it. */
  where: string;
  /** `dist/apps/gateway/src/main.js` */
  main: string;
  env: Readonly<Record<string, string>>;
}

export const read = (path: string): string => readFileSync(join(projectRoot(), path), 'utf8');
export const files = (pattern: string): string[] => globSync(pattern, { cwd: projectRoot() }).sort();

interface ComposeFile {
  services: Record<string, { command?: string | string[]; environment?: Record<string, string> }>;
}

export const compose = (): ComposeFile =>
  parse(read('deploy/compose/compose.yaml'), { merge: true }) as ComposeFile;

/** What the image itself sets. */
function imageEnv(): Record<string, string> {
  const [, settings = ''] = /^ENV ((?:.*\\\n)*.*)$/m.exec(read('deploy/Containerfile')) ?? [];
  return Object.fromEntries(
    [...settings.matchAll(/([A-Z_]+)=(\S+)/g)].map(([, name, value]): [string, string] => [name!, value!]),
  );
}

export function composeProcesses(): Deployed[] {
  return Object.entries(compose().services).flatMap(([name, { command, environment = {} }]) => {
    const [main = ''] = [command].flat();
    if (!main.endsWith('/main.js') || main.includes('/cli/')) return []; // a command that ends is no process
    return [{ where: `compose ${name}`, main, env: { ...imageEnv(), ...environment } }];
  });
}

export interface Container {
  name: string;
  args: string[];
  env?: { name: string; value?: string }[];
  envFrom?: { configMapRef: { name: string } }[];
  securityContext: object;
  resources: { limits: object; requests: object };
  volumeMounts: { name: string }[];
}

export interface Workload {
  kind: string;
  metadata: { name: string };
  spec: { template: { spec: Pod } };
}

export interface Pod {
  containers: Container[];
  volumes: { name: string; secret?: { secretName: string } }[];
  securityContext: object;
  automountServiceAccountToken: boolean;
}

interface Overlay {
  resources: string[];
  configMapGenerator: { name: string; literals: string[] }[];
}

/** Every object of the manifests, kustomizations apart. */
export function manifests(pattern = 'deploy/kubernetes/**/*.yaml'): Workload[] {
  return files(pattern)
    .filter((file) => !file.endsWith('kustomization.yaml'))
    .flatMap((file) => parseAllDocuments(read(file)).map((document) => document.toJS() as Workload));
}

/** Each overlay's containers, with the config maps that it makes. */
export function kubernetesProcesses(): Deployed[] {
  return files('deploy/kubernetes/overlays/*/kustomization.yaml').flatMap((file) => {
    const { resources, configMapGenerator } = parse(read(file)) as Overlay;
    const base = resources
      .find((name) => name.includes('base/'))!
      .split('/')
      .at(-1)!;
    const workloads = manifests(`deploy/kubernetes/base/${base}/*.yaml`).filter(({ kind }) =>
      ['StatefulSet', 'Deployment'].includes(kind),
    );
    return workloads.flatMap(({ spec }) =>
      spec.template.spec.containers.map((container) => deployed(file, container, configMapGenerator)),
    );
  });
}

function deployed(file: string, container: Container, maps: Overlay['configMapGenerator']): Deployed {
  const { name, args, env = [], envFrom = [] } = container;
  const generated = envFrom.flatMap(({ configMapRef }) => {
    const map = maps.find((one) => one.name === configMapRef.name);
    if (!map) throw new Error(`${file}: makes no config map ${configMapRef.name}`);
    return map.literals.map((literal) => literal.trim().split(/=(.*)/s).slice(0, 2));
  });
  const own = env.map((one) => [one.name, one.value ?? '0']); // from the pod's index
  return {
    where: `${file} ${name}`,
    main: args[0]!,
    env: { ...imageEnv(), ...(Object.fromEntries([...generated, ...own]) as Record<string, string>) },
  };
}

/** Each unit with the examples of its environment files. */
export function systemdProcesses(): Deployed[] {
  return files('deploy/systemd/*.service').map((file) => {
    const unit = read(file).replaceAll('%i', file.includes('adapter') ? 'hrss' : '0');
    const [, main = ''] = /^ExecStart=.* (dist\/\S+)$/m.exec(unit) ?? [];
    const own = [...unit.matchAll(/^Environment=([A-Z_]+)=(.*)$/gm)];
    const examples = [...unit.matchAll(/^EnvironmentFile=-?\/etc\/exchange\/(.*)$/gm)]
      .map(([, name]) => `deploy/systemd/${name}.example`)
      .filter((path) => files(path).length > 0)
      .flatMap((path) => [...read(path).matchAll(/^#?([A-Z_]+)=(.*)$/gm)]);
    const env = [...own, ...examples].map(([, name, value]) => [name, value]);
    return { where: file, main, env: Object.fromEntries(env) as Record<string, string> };
  });
}
