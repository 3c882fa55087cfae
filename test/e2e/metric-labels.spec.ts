import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Metrics } from '#observability';
import { PROBLEMS, type ProblemName } from '#problem';
import { call, question } from '../support/http.js';
import { useProvince } from '../support/use-province.js';

interface Sample {
  metric: string;
  labels: Record<string, string>;
}

const ANSWERS = ['found', 'none', 'ambiguous', 'refused', 'unavailable', 'partial'];
const TRANSPORT = [
  ...['taken', 'answered', 'unanswered', 'refused', 'late', 'dead', 'replyLost', 'abandoned'],
  ...['sent', 'resent', 'rejected', 'timedOut', 'duplicate', 'unknown', 'malformed'],
  'lateDropped',
];

/** What became of late disclosures. */
const LATE = ['acknowledged', 'known', 'refused', 'dropped', 'expired'];
const TAILS = ['known', 'grew', 'unproven', 'ended'];
const ALARMS = ['silent', 'behind', 'unproved', 'rolled-back', 'forked', 'unreadable'];

describe('metrics after odd and refused questions', () => {
  const province = useProvince();
  let samples: Sample[];

  beforeAll(async () => {
    const ask = (path: string, change: Record<string, unknown> = {}, agency = 'housing-990100') =>
      call(province(), { agency, path, body: question(change), at: 'housing-990100' });
    await ask('/v1/queries/HR-SI-01');
    await ask('/v1/queries/990101198503120010');
    await ask(`/v1/queries/${randomUUID()}`);
    await ask('/v1/queries/HR-SI-01@77');
    await ask('/v1/queries/HR-SI-01', { region: '999999' });
    await ask('/v1/queries/HR-SI-01', { purpose: { code: randomUUID() } });
    await ask('/v1/queries/HR-SI-01', { operatorId: '张测试', extra: randomUUID() });
    await ask('/v1/queries/HR-SI-01', {}, 'fund-990100');
    await ask('/v1/queries/HC-RP-01', { params: {} });
    await ask('/v1/queries/PF-01', { region: '990000' });
    const { audits } = province().watching;
    const audit = audits.get('hrss-990000')!.url;
    for (const path of ['/logs/990101198503120010/checkpoint', `/${randomUUID()}`, '/logs/x/tile/0/x000'])
      await fetch(audit + path);
    samples = (await Promise.all(everyProcess().map(samplesOf))).flat();
  }, 60_000);

  function everyProcess(): Metrics[] {
    const { gateways, adapters, watching } = province();
    const running = [
      ...gateways.values(),
      ...adapters.values(),
      ...watching.audits.values(),
      watching.monitor,
    ];
    return running.map(({ metrics }) => metrics);
  }

  /** Every label that there is, and the only values that it may have. A label that is not here fails. */
  function allowed(): Record<string, (value: string) => boolean> {
    const { contracts, gateways } = province();
    const registry = [...gateways.values()][0]!.node.registry.current;
    const one = (values: Iterable<string>) => {
      const set = new Set(values);
      return (value: string) => set.has(value);
    };
    const problems = Object.keys(PROBLEMS) as ProblemName[];
    const statuses = new Set(problems.map((name) => String(PROBLEMS[name].status)));
    const agencies = one(contracts.agencies.keys());
    return {
      agency: agencies,
      provider: agencies,
      role: one(['gateway', 'adapter', 'audit', 'monitor']),
      ordinal: (value) => /^\d{1,2}$/.test(value),
      query: one([...[...contracts.contracts.values()].flatMap(({ code, id }) => [code, id]), 'unknown']),
      answer: one(ANSWERS),
      problem: one(problems),
      result: one([...problems, ...TRANSPORT, 'ok', 'failed', 'timeout', ...TAILS, ...LATE]),
      status: (value) => value === '200' || statuses.has(value),
      fault: one(['unmapped', 'other-person']),
      direction: one(['in', 'out']),
      kind: one(['tail', 'checkpoint', ...ALARMS]),
      use: one(['http-signature', 'scheme', 'hpke']),
      origin: one(registry.origins),
      state: one([
        ...['writing', 'unavailable', 'stopped', 'closed', 'total', 'idle', 'waiting'],
        ...['following', 'contradicted', 'settled', 'pending', 'difference'],
      ]),
      route: (value) => value === 'unknown' || /^\/[a-z:*/-]*$/i.test(value),
      le: (value) => value === '+Inf' || Number(value) <= 10,
    };
  }

  function odd(of: readonly Sample[]): string[] {
    const values = allowed();
    const found = of.flatMap(({ metric, labels }) =>
      Object.entries(labels)
        .filter(([label, value]) => !values[label]?.(value))
        .map(([label, value]) => `${metric}{${label}="${value}"}`),
    );
    return [...new Set(found)];
  }

  test('have no label with another value than one of a known few', () => {
    expect(odd(samples)).toEqual([]);
    const wrong = { query: '990101198503120010', name: 'x', agency: 'hrss-990000' };
    expect(odd([{ metric: 'm', labels: wrong }])).toEqual(['m{query="990101198503120010"}', 'm{name="x"}']);
  });

  test('tell of what was refused, under the few names that there are', () => {
    const named = (metric: string, label: string) =>
      new Set(samples.filter((sample) => sample.metric === metric).map(({ labels }) => labels[label]));
    expect(named('gateway_call_seconds_count', 'query')).toContain('unknown');
    expect(named('gateway_refusals_total', 'problem')).toContain('unknown-query');
    expect(named('node_security_events_total', 'problem')).toContain('not-entitled');
    expect(named('transport_messages_total', 'direction')).toEqual(new Set(['in', 'out']));
    expect(named('audit_requests_total', 'route')).toContain('unknown');
  });
});

async function samplesOf({ registry }: Metrics): Promise<Sample[]> {
  const lines = (await registry.metrics()).split('\n');
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ metric: line.split('{')[0]!, labels: labelsOf(line) }));
}

function labelsOf(line: string): Record<string, string> {
  const inside = /\{(.*)\} \S+$/.exec(line)?.[1] ?? '';
  return Object.fromEntries(
    [...inside.matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/g)].map(([, k, v]) => [k!, v!]),
  );
}
