import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { defineConfig, type Setting } from '#config';
import { processSettings } from '../../libs/process/src/settings.js';
import {
  compose,
  composeProcesses,
  files,
  kubernetesProcesses,
  manifests,
  read,
  systemdProcesses,
  type Deployed,
} from './deployed.fixture.js';
import { parsePromql } from './promql.fixture.js';
import { registeredSeries } from './registered-metrics.fixture.js';

const processes = [...composeProcesses(), ...kubernetesProcesses(), ...systemdProcesses()];

describe('every process that a deployment file runs', () => {
  test('there are those of Compose, Kubernetes and systemd', () => {
    const count = ({ length }: Deployed[]): number => length;
    expect([composeProcesses(), kubernetesProcesses(), systemdProcesses()].map(count)).toEqual([16, 4, 3]);
  });

  test.each(processes)('$where is a program of ours', ({ main }) => {
    expect(files('apps/*/src/main.ts')).toContain(main.replace(/^dist\//, '').replace(/\.js$/, '.ts'));
  });

  test.each(processes)('$where sets only variables that are read', ({ main, env }) => {
    const known = new Set([...Object.values(settingsOf(main)).map((setting) => setting.env), ...OTHERS]);
    const names = Object.keys(env).map((name) => name.replace(/_FILE$/, ''));
    expect(names.filter((name) => !known.has(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length); // not as a value and as a file
  });

  test.each(processes)('$where has all that it needs, each of its kind', ({ main, env }) => {
    const values = Object.entries(env).map(([name, value]) =>
      name.endsWith('_FILE') ? [name.slice(0, -5), inFile(name)] : [name, value],
    );
    const config = defineConfig(main, settingsOf(main));
    expect(() => config.load(Object.fromEntries(values) as Record<string, string>)).not.toThrow();
    expect(() => config.load({})).toThrow();
  });
});

describe('metrics', () => {
  const board = (file: string): [string, string][] =>
    [...JSON.stringify(JSON.parse(read(file))).matchAll(/"expr":("(?:[^"\\]|\\.)*")/g)].map(([, text]) => [
      file,
      JSON.parse(text!) as string,
    ]);
  const queries = [
    ...files('deploy/grafana/dashboards/*.json').flatMap(board),
    ...rules().map(({ file, expr }): [string, string] => [file, expr]),
  ];

  test('there are dashboards and rules', () => {
    expect(files('deploy/grafana/dashboards/*.json')).toHaveLength(2);
    expect(queries.length).toBeGreaterThan(60);
  });

  test.each(queries)('%s reads what a process tells: %s', async (_file, expression) => {
    const series = await registered;
    const { selectors, grouping } = parsePromql(expression);
    const labels = new Set(selectors.flatMap(({ metric }) => [...(series.get(metric) ?? [])]));
    expect(selectors.map(({ metric }) => metric).filter((metric) => !series.has(metric))).toEqual([]);
    const unknown = selectors.flatMap(({ metric, labels: asked }) =>
      asked.filter((label) => !series.get(metric)?.has(label)),
    );
    expect(unknown).toEqual([]);
    expect(selectors.length).toBeGreaterThan(0);
    expect(grouping.filter((label) => !labels.has(label))).toEqual([]);
  });

  test('a query of a metric or label that nobody has, or of none at all, would be found', async () => {
    const series = await registered;
    expect(series.has('gateway_made_up_total')).toBe(false);
    expect(series.get('gateway_refusals_total')).toEqual(
      new Set(['problem', 'agency', 'role', 'ordinal', 'job', 'instance']),
    );
    expect(parsePromql('sum by (a) (rate(x_total{b="1"}[5m]))')).toEqual({
      selectors: [{ metric: 'x_total', labels: ['b'] }],
      grouping: ['a'],
    });
    expect(() => parsePromql('sum(x')).toThrow('not PromQL');
  });
});

describe('alerts', () => {
  const anchors = new Set(
    [...read('docs/runbook.md').matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
      title!
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
  const tested = files('deploy/prometheus/tests/*.yml').map(read).join('\n');

  test.each(rules())('$alert has its section in the runbook, a severity and a test', (rule) => {
    const { alert, labels, annotations } = rule;
    expect(annotations['runbook']).toBe(`docs/runbook.md#${alert.toLowerCase()}`);
    expect([...anchors]).toContain(alert.toLowerCase());
    expect(['critical', 'warning']).toContain(labels['severity']);
    expect(tested).toMatch(new RegExp(`alertname: ${alert}, exp_alerts: \\[\\]`)); // quiet first
    expect(tested).toMatch(new RegExp(`alertname: ${alert}\\n\\s+exp_alerts:\\n\\s+- exp_labels:`));
  });
});

describe('the Compose province', () => {
  test('is scraped whole', () => {
    const { scrape_configs } = parse(read('deploy/prometheus/prometheus.yml')) as {
      scrape_configs: { static_configs: { targets: string[] }[] }[];
    };
    const targets = scrape_configs.flatMap((job) => job.static_configs.flatMap((one) => one.targets));
    expect(targets.sort()).toEqual(
      composeProcesses()
        .map(({ where }) => `${where.replace('compose ', '')}:8080`)
        .sort(),
    );
  });

  test('has one broker, and asks for one copy of each topic', () => {
    const copies = composeProcesses().map(({ env }) =>
      [env['KAFKA_BROKERS'], env['KAFKA_REPLICATION']].join(),
    );
    expect(new Set(copies)).toEqual(new Set(['kafka:9092,1']));
  });

  test('runs the gateways, adapters and audit servers of every agency in the contracts', () => {
    const agencies = files('contracts/agencies/*.yaml').map((file) => /([^/]+)\.yaml$/.exec(file)![1]!);
    const running = new Set(composeProcesses().map(({ env }) => env['EXCHANGE_AGENCY']!));
    expect([...running].sort()).toEqual(agencies);
  });

  test('gives no process a right or a secret in its environment', () => {
    for (const [name, service] of Object.entries(compose().services)) {
      if (!composeProcesses().some(({ where }) => where === `compose ${name}`)) continue;
      expect(service).toMatchObject({
        ...{ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] },
      });
      expect(JSON.stringify(service.environment)).not.toMatch(/postgres:\/\/|PASSWORD"/);
    }
  });
});

describe('Kubernetes', () => {
  const pods = manifests()
    .filter(({ kind }) => ['StatefulSet', 'Deployment', 'Pod'].includes(kind))
    .map(({ kind, metadata: { name }, spec }) => ({
      name: `${kind} ${name}`,
      pod: kind === 'Pod' ? (spec as unknown as typeof spec.template.spec) : spec.template.spec,
    }));

  test.each(pods)('$name runs without rights, on a file system that it cannot write', ({ pod }) => {
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: {
        ...{ runAsNonRoot: true, runAsUser: 1000, fsGroupChangePolicy: 'OnRootMismatch' },
        seccompProfile: { type: 'RuntimeDefault' },
      },
    });
    for (const { securityContext, resources } of pod.containers) {
      expect(securityContext).toEqual({
        ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
        capabilities: { drop: ['ALL'] },
      });
      expect(Object.keys(resources).sort()).toEqual(['limits', 'requests']);
    }
  });

  test.each(pods)('$name mounts what it has, and has nothing that it does not mount', ({ pod }) => {
    const mounted = pod.containers.flatMap(({ volumeMounts }) => volumeMounts.map(({ name }) => name));
    expect(mounted.sort()).toEqual(pod.volumes.map(({ name }) => name).sort());
  });

  test('secrets are named, never written down', () => {
    expect(manifests().filter(({ kind }) => kind === 'Secret')).toEqual([]);
  });
});

const registered = registeredSeries();

/** Read by Node itself. */
const OTHERS = ['NODE_ENV', 'NODE_OPTIONS'];

/** The settings of every process, and those that its own program adds. */
function settingsOf(main: string): Record<string, Setting> {
  const source = main.includes('/adapter-')
    ? 'libs/adapter/src/run-adapter.ts'
    : main.replace(/^dist\//, '').replace(/\.js$/, '.ts');
  const own = [...read(source).matchAll(/(\w+): \{ env: '([A-Z_]+)', schema: (\{[^}]*\})/g)];
  const added = own.map(([, key, env, schema]): [string, Setting] => [
    key!,
    { env: env!, schema: parse(schema!) as Setting['schema'] },
  ]);
  return { ...processSettings, ...Object.fromEntries(added) };
}

/** Something that the file behind a variable may hold. */
function inFile(name: string): string {
  return name.startsWith('EXCHANGE_DATABASE_URL') ? 'postgres://role@database/node' : 'text';
}

interface Rule {
  file: string;
  alert: string;
  expr: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

function rules(): Rule[] {
  return files('deploy/prometheus/rules/*.yml').flatMap((file) => {
    const { groups } = parse(read(file)) as { groups: { rules: Omit<Rule, 'file'>[] }[] };
    return groups.flatMap((group) => group.rules.map((rule) => ({ file, ...rule })));
  });
}
