import { beforeAll, describe, expect, test } from '@jest/globals';
import { runScript, type Report } from '#apps/demo';
import { samplePersons } from '#synthetic';
import { reportLines } from '../../apps/demo/src/report.js';
import { call } from '../support/http.js';
import { useProvince } from '../support/use-province.js';

const province = useProvince();
let report: Report;
beforeAll(async () => {
  province().bus.faults.lose('log.tail', 3); // the monitor has to pull what it misses
  report = await runScript(province());
}, 60_000);

describe('the questions of the demo', () => {
  test('are answered by the housing bureau, 人社 and the provident fund, each answer with a receipt that holds', () => {
    const asked = report.exchanges.map(({ query, requester, provider, status, verified }) => ({
      ...{ query, requester, provider, status, verified },
    }));
    const line = (query: string, requester: string, provider: string) => ({
      ...{ query, requester, provider, status: 200, verified: true },
    });
    expect(asked).toEqual([
      line('HR-SI-01@1', 'housing-990100', 'hrss-990000'),
      line('HR-SI-02@1', 'housing-990100', 'hrss-990000'),
      line('PF-01@1', 'housing-990100', 'fund-990100'),
      line('PF-01@1', 'housing-990000', 'fund-990100'),
      line('PF-01@1', 'housing-990000', 'fund-990200'),
      line('HC-RP-01@1', 'hrss-990000', 'housing-990000'),
      line('HC-RP-01@1', 'fund-990100', 'housing-990000'),
      line('HC-RP-03@1', 'housing-990100', 'housing-990000'),
    ]);
  });

  test('release what is granted, as it is granted, and say what was withheld', () => {
    const [contributions, match, fund] = report.exchanges;
    const [own, institution, none] = contributions!.answer.results;
    expect(own!.records[0]).toMatchObject({
      personName: '张**',
      idNumber: '9****************0',
      payerName: '测试建设工程有限公司',
      monthsPaid: 6,
    });
    expect(institution!.records[0]).toMatchObject({ payerName: '测试规划设计院', payerType: 'institution' });
    expect(none).toEqual({ subject: 2, answer: 'none', records: [] });
    expect(match!.answer.results.map(({ records }) => records[0])).toEqual([
      { payerUscc: '一致', payerLegalUscc: '一致', region: '990101' },
      { payerUscc: '不一致', payerLegalUscc: '不一致', region: '990101' },
      { payerUscc: '不一致', payerLegalUscc: '一致', region: '990102' },
    ]);
    expect(fund!.withheld).toEqual([{ field: 'contributionBase', reason: 'not-granted' }]);
    expect(fund!.answer.results[0]!.records[0]).toMatchObject({ monthsPaid: '6-11' });
  });

  test('that may not be answered are refused by their codes', () => {
    expect(report.refusals.map(({ query, status, code }) => [query, status, code])).toEqual([
      ['HR-EX-01', 403, 4033],
      ['PF-01', 403, 4032],
      ['PF-01', 403, 4031],
      ['HR-SI-01', 422, 4001],
    ]);
  });

  test('are counted by the monitor from the logs, lost tails and all, and reconcile to 0', () => {
    const { exchanges, settled, pending, difference } = report.reconciliation;
    expect({ exchanges, settled, pending, difference }).toEqual({
      exchanges: 12,
      settled: 12,
      pending: 0,
      difference: 0,
    });
    const counted = report.volumes.map(({ requester, provider, query, outcome, subjects }) => [
      ...[requester, provider, query, outcome, subjects],
    ]);
    expect(counted).toContainEqual(['housing-990100', 'hrss-990000', 'HR-SI-01@1', 'found', 2]);
    expect(counted).toContainEqual(['housing-990100', 'hrss-990000', 'HR-SI-01@1', 'none', 1]);
    expect(counted).toContainEqual(['housing-990100', 'hrss-990000', 'HR-EX-01@1', 'refused', 1]);
  });

  test('are printed with what was withheld and why, receipts that hold, the volumes and the difference', () => {
    const lines = reportLines(province().contracts, report);
    expect(lines).toContain(
      '  测试市住房和城乡建设局 → 测试市住房公积金管理中心：住房公积金缴存查询（PF-01@1）',
    );
    expect(lines).toContain('    未放出：缴存基数（元）（方案未授权）');
    const receipts = lines.filter((line) => line.startsWith('    回执：'));
    expect(receipts).toHaveLength(report.exchanges.length);
    for (const line of receipts) expect(line).toMatch(/^ {4}回执：存证第 \d+ 条，核验通过 {2}[0-9a-f-]{36}$/);
    expect(lines).toContainEqual(
      expect.stringMatching(/^ {2}housing-990100 → hrss-990000 {2}HR-SI-01@1 {2}有 2 人次，\d+ 次交换$/),
    );
    expect(lines.filter((line) => /：403，4033 /.test(line))).toHaveLength(1);
    expect(lines.at(-1)).toBe('  对账差异 0（已核对 12，待核对 0）');
    const printed = lines.join('\n');
    for (const { idNumber } of samplePersons) expect(printed).not.toContain(idNumber);
  });

  test('can be found by person: who asked, when, on what basis, without an id being stored', async () => {
    const audit = province().watching.audits.get('hrss-990000')!;
    const answer = await call(province(), {
      agency: 'hrss-990000',
      base: audit.url,
      path: '/v1/search/subject',
      body: { idType: 'citizen-id', idNumber: '990101198503120010' },
    });
    const hits = answer.body['hits'] as {
      entry: { to: string; query: string };
      purpose: { campaign: string };
    }[];
    expect(answer.status).toBe(200);
    expect(hits.map(({ entry }) => [entry.to, entry.query])).toEqual(
      expect.arrayContaining([
        ['housing-990100', 'HR-SI-01@1'],
        ['housing-990100', 'HR-SI-02@1'],
      ]),
    );
  });
});
