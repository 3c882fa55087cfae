import { Metrics } from '#observability';
import { files, read } from './deployed.fixture.js';

const MADE =
  /metrics\s*\.(counter|gauge|seconds)\(\s*'([a-z_]+)',\s*(?:'[^']*'|"[^"]*"),?\s*(?:\[([^\]]*)\])?/g;
/** What each process says of itself on all its metrics, and Prometheus of whom it asked. */
const COMMON = ['agency', 'role', 'ordinal', 'job', 'instance'];

/** Every series that a process of ours has under `/metrics`, with the labels it may carry: read from the code that makes them. */
export async function registeredSeries(): Promise<Map<string, Set<string>>> {
  const series = new Map([['up', new Set(['job', 'instance'])]]);
  const add = (name: string, labels: readonly string[]): void => {
    series.set(name, new Set([...labels, ...COMMON]));
  };
  for (const file of files('{apps,libs}/*/src/**/*.ts')) {
    if (/\.(spec|fixture)\.ts$/.test(file)) continue;
    for (const [, kind, name = '', list = ''] of read(file).matchAll(MADE)) {
      const labels = [...list.matchAll(/'([a-z_]+)'/g)].map(([, label]) => label!);
      if (kind !== 'seconds') add(name, labels);
      else {
        add(`${name}_bucket`, [...labels, 'le']);
        add(`${name}_sum`, labels);
        add(`${name}_count`, labels);
      }
    }
  }
  const process = await new Metrics({}).withProcess().registry.getMetricsAsJSON();
  for (const { name } of process) add(name, ['kind', 'type', 'space', 'version', 'major', 'minor', 'patch']);
  return series;
}
