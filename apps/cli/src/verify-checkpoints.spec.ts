import { describe, expect, test } from '@jest/globals';
import { cli, done, useFolder } from './cli.fixture.js';
import { checkpointOf, forkOf, makeLog, write, writeLog, type TestLog } from './log.fixture.js';
import { report, type Report } from './report.fixture.js';

const path = useFolder();
const log = makeLog(600);
const keys = write(path(), 'keys', `# logs we know\n${log.verifierKey}\n`);

function folderOf(name: string, of: TestLog): string {
  writeLog(path(name), of);
  return path(name);
}

describe('two checkpoints', () => {
  const fork = forkOf(log, 100);
  const at = (size: number, of = log) =>
    write(path(), `checkpoint-${of === log ? 'a' : 'b'}-${size}`, checkpointOf(of, size));
  const other = makeLog(300, 'fund-990100/adapter/0');
  const bothKeys = write(path(), 'both-keys', `${log.verifierKey}\n${other.verifierKey}\n`);
  const tiles = folderOf('tiles', log);
  const forkTiles = folderOf('fork', fork);
  const whats = ({ findings }: Report) => findings.map(({ what }) => what);

  test.each<[string, string, string, string[], number, string[]]>([
    ['grown, shown by tiles', at(300), at(600), ['--tiles', tiles], 0, []],
    ['grown from nothing', at(0), at(600), [], 0, []],
    ['the same', at(600), at(600), [], 0, []],
    ['grown, but nothing shows it', at(300), at(600), [], 1, ['not-proved']],
    ['turned round', at(600), at(300), ['--tiles', tiles], 1, ['shrunk']],
    ['of one size with two roots', at(600), at(600, fork), [], 1, ['fork']],
    [
      'of a fork, shown by the tiles of the newer one',
      at(300, fork),
      at(600),
      ['--tiles', tiles],
      1,
      ['fork'],
    ],
    ['of a history common to both forks', at(100, fork), at(600), ['--tiles', tiles], 0, []],
    ['with the tiles of the other fork', at(300), at(600), ['--tiles', forkTiles], 1, ['root-differs']],
    ['of two logs', at(300), write(path(), 'other', checkpointOf(other)), [], 1, ['other-log']],
  ])('%s', async (_what, a, b, more, code, findings) => {
    const ran = await report('verify', 'consistency', a, b, '--keys', bothKeys, ...more);
    expect([ran.code, whats(ran.report)]).toEqual([code, findings]);
  });

  test.each<[string, string, string, string[], number, string[]]>([
    ['of one size with two roots prove a fork', at(600), at(600, fork), [], 0, []],
    ['of two sizes prove one by the newer one’s tiles', at(300, fork), at(600), ['--tiles', tiles], 0, []],
    ['of two sizes prove nothing without', at(300, fork), at(600), [], 1, ['not-proved']],
    ['that are the same prove none', at(600), at(600), [], 1, ['same-checkpoint']],
    ['that grew prove none', at(300), at(600), ['--tiles', tiles], 1, ['no-fork']],
  ])('%s', async (_what, a, b, more, code, findings) => {
    const ran = await report('verify', 'fork', a, b, '--keys', keys, ...more);
    expect([ran.code, whats(ran.report)]).toEqual([code, findings]);
  });

  test('of which one is not signed prove nothing', async () => {
    const forged = write(path(), 'forged', checkpointOf({ ...fork, signer: makeLog(1).signer }));
    for (const command of ['consistency', 'fork']) {
      const ran = await report('verify', command, at(600), forged, '--keys', keys);
      expect(ran.code).toBe(1);
      expect(ran.report.findings).toContainEqual(
        expect.objectContaining({ what: 'checkpoint-unverified', path: 'B' }),
      );
    }
  });

  test('are told in words', async () => {
    const { out } = await cli(['verify', 'consistency', at(600), at(600, fork), '--keys', keys]);
    expect(out).toBe(
      `不能证明一致：日志 ${log.origin}，600 与 600 条\n  两个检查点互相矛盾，日志有分叉 [fork]\n`,
    );
    expect(await done(['verify', 'fork', at(600), at(600, fork), '--keys', keys])).toContain('分叉成立');
  });
});
