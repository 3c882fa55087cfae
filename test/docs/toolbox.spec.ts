import { describe, expect, test } from '@jest/globals';
import { manifests } from './deployed.fixture.js';

type Labels = Record<string, string>;
interface Peer {
  podSelector?: { matchLabels?: Labels };
  namespaceSelector?: { matchLabels: Labels };
  ipBlock?: { cidr: string };
}
interface Rule {
  from?: Peer[];
  to?: Peer[];
  ports: { port: number | string }[];
}
interface Policy {
  podSelector: { matchLabels?: Labels };
  policyTypes: string[];
  egress?: Rule[];
  ingress?: Rule[];
}

const COMPONENT = 'app.kubernetes.io/component';
const policiesOf = (base: string) =>
  manifests(`deploy/kubernetes/base/${base}/network.yaml`).map(({ spec }) => spec as unknown as Policy);

/** The pods of a component, by name, that pods of another may call, as the policies of one folder say. */
function peers(base: string, component: string, way: 'egress' | 'ingress'): string[] {
  return policiesOf(base)
    .filter(({ podSelector }) => podSelector.matchLabels?.[COMPONENT] === component)
    .flatMap((policy) => policy[way] ?? [])
    .flatMap((rule) => [...(rule.to ?? []), ...(rule.from ?? [])])
    .flatMap(({ podSelector, ipBlock }) => podSelector?.matchLabels?.[COMPONENT] ?? ipBlock?.cidr ?? []);
}

describe('the toolbox of a node in Kubernetes', () => {
  const [toolbox] = manifests('deploy/kubernetes/toolbox.yaml');
  const { containers } = toolbox!.spec as unknown as {
    containers: { env: { name: string; valueFrom: object }[] }[];
  };

  test('has the database that its `log` commands work on, from the secret of the other pods', () => {
    expect(containers[0]!.env).toEqual([
      { name: 'DATABASE_URL', valueFrom: { secretKeyRef: { name: 'database', key: 'url' } } },
    ]);
  });

  test('reaches the monitor and the own gateways, and they let it in', () => {
    expect(peers('node', 'toolbox', 'egress')).toEqual(['203.0.113.140/32', 'monitor', 'gateway']);
    expect(peers('node', 'gateway', 'ingress')).toContain('toolbox');
    expect(peers('monitor', 'toolbox', 'egress')).toEqual(['monitor']);
    expect(peers('monitor', 'monitor', 'ingress')).toContain('toolbox');
  });

  test('is let in from the namespaces that are ours, which say so', () => {
    const ours = { 'app.kubernetes.io/part-of': 'exchange-node' };
    const selectors = ['node', 'monitor']
      .flatMap(policiesOf)
      .flatMap(({ egress = [], ingress = [] }) => [...egress, ...ingress])
      .flatMap(({ from = [], to = [] }) => [...from, ...to])
      .filter(({ podSelector, namespaceSelector }) => podSelector && namespaceSelector);
    expect(selectors.map(({ namespaceSelector }) => namespaceSelector!.matchLabels)).toEqual([ours, ours]);
    const namespaces = manifests('deploy/kubernetes/overlays/*/namespace.yaml');
    for (const { metadata } of namespaces)
      expect((metadata as { labels?: Labels }).labels).toMatchObject(ours);
    expect(namespaces).toHaveLength(2);
  });
});
