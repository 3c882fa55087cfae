import { describe, expect, test } from '@jest/globals';
import {
  edited,
  found,
  onGrant,
  onScheme,
  released,
  undeclared,
  wordsOf,
} from '../testing/edited-snapshot.js';
import { describeFindings } from './finding.js';
import { compareReleases } from './gate.js';

test('nothing changed is nothing found', () => {
  expect(compareReleases(released, structuredClone(released))).toEqual([]);
});

describe('the gate stays shut when', () => {
  test('a grant is new', () => {
    const after = onScheme(({ grants }) => grants.push({ ...found(grants[0]), query: 'PF-03@1' }));
    expect(undeclared(after).map(({ where, words: said }) => [where, said])).toEqual([
      ['contracts/sharing/fund/housing-990100.yaml /grants/2', 'PF-03@1 新增授权'],
    ]);
  });

  test('a grant of another contract version stands in for the old one', () => {
    expect(wordsOf(undeclared(onGrant((grant) => (grant.query = 'PF-01@2'))))).toEqual(['PF-01@2 新增授权']);
  });

  test('a suspension is lifted', () => {
    const suspended = onGrant(
      (grant) => (grant.suspended = { since: '2026-05-01T00:00:00+08:00', reason: '核查' }),
    );
    expect(compareReleases(suspended, released).map((finding) => finding.words)).toEqual([
      'PF-01@1 恢复已暂停的授权',
    ]);
  });

  test('a class of requesters gets a new member', () => {
    const forClass = onScheme((scheme) => (scheme.requester = 'housing'));
    const grown = structuredClone(forClass);
    grown.agencies.push({ id: 'housing-990200', class: 'housing' });
    expect(compareReleases(forClass, grown).map(({ words: said, declared }) => [said, declared])).toEqual([
      ['此类方案自动适用于新部门 housing-990200', false],
    ]);
  });

  test('a version goes back, even if nothing else changes', () => {
    const second = onScheme((scheme) => (scheme.version = 2));
    expect(compareReleases(second, released).map(({ words: said, declared }) => [said, declared])).toEqual([
      ['版本号回退', false],
    ]);
  });
});

describe('the gate opens when', () => {
  test('a grant or a scheme is gone, or grants change places', () => {
    expect(
      compareReleases(
        released,
        onScheme(({ grants }) => grants.pop()),
      ),
    ).toEqual([]);
    expect(
      compareReleases(
        released,
        onScheme(({ grants }) => grants.reverse()),
      ),
    ).toEqual([]);
    expect(
      compareReleases(
        released,
        edited(({ schemes }) => schemes.pop()),
      ),
    ).toEqual([]);
  });

  test('one more fund centre answers by the scheme of its class', () => {
    expect(
      compareReleases(
        released,
        edited(({ agencies }) => agencies.push({ id: 'fund-990300', class: 'fund' })),
      ),
    ).toEqual([]);
  });

  test('a scheme is new: its first version says so, and the gate tells it', () => {
    const without = edited(({ schemes }) => schemes.shift());
    expect(compareReleases(without, released)).toEqual([
      {
        kind: 'widening',
        where: 'contracts/sharing/fund/housing-990000.yaml',
        words: '新的共享方案',
        declared: true,
      },
    ]);
  });
});

test('officials read what changed, where, and what to do', () => {
  const findings = compareReleases(
    released,
    onGrant((grant) => (grant.rows.max = 21)),
  );
  expect(describeFindings(findings)).toEqual([
    '未通过 contracts/sharing/fund/housing-990100.yaml /grants/0/rows/max：PF-01@1 每个对象的行数由 20 提高为 21。扩大放出范围须提高该共享方案的版本号',
  ]);
});
