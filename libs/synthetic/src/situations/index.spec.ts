import { describe, expect, test } from '@jest/globals';
import { SITUATIONS } from './index.js';

/** The decision table (domain.md §2.2), rule by rule and branch by branch: who is planted with it, or why nobody can be. */
const BRANCHES: readonly (readonly [rule: string, branch: string, shownBy: readonly string[] | string])[] = [
  ['R01', 'the number fails its check digit', ['wrong-check-digit-in-housing']],
  ['R01', 'one number with two names', ['other-name-in-housing', 'two-names-in-hrss']],
  ['R02', '注销', ['registration-cancelled']],
  ['R02', '失效', ['registration-lapsed']],
  ['R02', '撤销', ['registration-revoked']],
  ['R03', 'death', ['deceased']],
  ['R03', 'legal incapacity', ['legally-incapable']],
  ['R04', 'a ban, and a registration all the same', ['banned-yet-registered']],
  ['R05', 'registered at two units', ['registered-at-two-units']],
  ['R06', 'older than may be', ['fund-data-too-old']],
  ['R06', 'unavailable', 'an agency that does not answer is no row: test/faults'],
  ['R06', 'out of scope', 'the asker’s grant decides, not the data: test/e2e/held-back.spec.ts'],
  ['R07', 'payer is the registered unit', ['all-agree']],
  ['R07', 'and a source is too old or absent', ['fund-data-too-old', 'fund-sealed', 'no-fund']],
  ['R07', 'and a hint differs', ['entered-exam-from-another-unit', 'file-at-talent-centre']],
  ['R08', 'width, brackets and spaces', ['payer-without-credit-code']],
  ['R08', 'former name', ['payer-under-former-name']],
  ['R09', 'payer is a branch', ['paid-by-branch']],
  ['R09', 'the reverse', ['registered-at-branch']],
  ['R10', 'renamed, up to 90 days ago', ['unit-renamed-lately']],
  ['R10', 'renamed, more than 90 days ago', ['unit-renamed']],
  ['R10', 'merged, up to 90 days ago', ['unit-absorbed-lately']],
  ['R10', 'merged, more than 90 days ago', ['unit-absorbed']],
  ['R10', 'reorganised', 'the register of changes has it as a change of name or a successor: the same rows'],
  ['R11', 'labour filing', ['works-elsewhere']],
  ['R11', 'provident fund', 'where nothing else differs, R12 says what to do'],
  ['R11', 'civil-service roll, project attendance', 'no query asks for them: no agency here has them'],
  ['R12', 'deposited by another unit', ['fund-paid-elsewhere']],
  ['R12', 'deposited by two units', ['fund-paid-by-two-units']],
  ['R13', 'absent', ['no-fund']],
  ['R13', '封存', ['fund-sealed']],
  ['R14', 'retirement date', ['retired-and-rehired', 'listed-by-the-ministry-yet-exempt']],
  ['R14', 'pension in payment', ['draws-pension-since-unknown-day']],
  ['R14', 'legal early retirement', ['retired-early']],
  ['R14', 'age reached', ['of-pension-age-without-pension']],
  ['R15', 'the institution pays', ['institution-pays-its-firm']],
  ['R16', 'the university pays', ['university-pays-its-firm']],
  ['R17', '自主择业', ['veteran-pays-alone']],
  ['R17', '逐月领取退役金', ['veteran-on-monthly-pay']],
  ['R17', '复员', ['veteran-demobilised']],
  ['R17', '自主就业', ['veteran-with-own-business']],
  ['R18', '企业改制', ['bought-out']],
  ['R18', '征地拆迁', 'the agreement says which of the two it was, the rows do not: see bought-out'],
  ['R19', 'another legal basis', 'an officer cites a document'],
  ['R20', '机关', ['paid-by-organ']],
  ['R20', '事业', ['paid-by-institution', 'paid-by-talent-centre']],
  ['R21', 'parent', ['paid-by-parent']],
  ['R21', 'subsidiary', ['paid-by-subsidiary']],
  ['R21', 'affiliate', ['paid-by-affiliate']],
  ['R21', 'fellow', ['paid-by-fellow-subsidiary']],
  ['R22', 'dispatch', ['paid-by-dispatch-unit']],
  ['R23', 'HR agency, 人事代理', ['paid-by-agency']],
  ['R23', 'talent centre', ['paid-by-talent-centre']],
  ['R24', 'pays alone', ['pays-alone']],
  ['R25', '城乡居民养老 only', ['resident-pension-only']],
  ['R25', 'no contribution', ['nowhere-insured']],
  ['R26', 'new entrant', ['new-entrant']],
  ['R27', 'changed jobs', ['changed-jobs']],
  ['R28', 'up to two months unpaid', ['gap-of-two-months']],
  ['R28', '补缴', ['paid-afterwards']],
  ['R28', 'three months and more', ['gap-of-three-months']],
  ['R29', 'elsewhere by the registered unit', ['paid-in-another-city']],
  ['R29', 'elsewhere by its branch', ['paid-in-another-city-by-branch']],
  ['R29', 'elsewhere by an unknown unit', ['paid-in-another-city-by-unknown-unit']],
  ['R29', 'in another province', 'there is one province here; the national channel is asked for others'],
  ['R30', 'one month', ['two-payers-in-one-month']],
  ['R30', 'longer', ['two-payers']],
  ['R31', 'unrelated enterprise', ['paid-by-unrelated-unit', 'crowded-unit']],
  ['R32', 'and a further source agrees with it', ['works-for-unrelated-unit']],
  ['R33', 'exam', ['entered-exam-from-another-unit']],
  ['R34', 'file', ['file-at-talent-centre']],
  ['R35', 'Hong Kong and Macau', ['foreigner-hk-macau-permit']],
  ['R35', 'Taiwan', ['foreigner-taiwan-permit']],
  ['R35', 'passport', ['foreigner-passport']],
  ['R35', 'permanent residence', ['foreigner-permanent-residence']],
  ['R36', 'listed, yet a match', ['listed-by-the-ministry-yet-matching']],
  ['R36', 'listed, yet exempt', ['listed-by-the-ministry-yet-exempt']],
  ['R37', 'many suspected at one unit', ['crowded-unit']],
  ['R38', 'more than two years ago', ['paid-elsewhere-long-ago']],
];

describe('the planted situations', () => {
  test('are of every rule of the decision table', () => {
    const all = Array.from({ length: 38 }, (_, rule) => `R${String(rule + 1).padStart(2, '0')}`);
    expect([...new Set(BRANCHES.map(([rule]) => rule))]).toEqual(all);
  });

  test.each(BRANCHES)('%s, %s: planted, or why not', (rule, _branch, shownBy) => {
    expect(shownBy.length).toBeGreaterThan(0);
    const names = typeof shownBy === 'string' ? [] : shownBy;
    const known = SITUATIONS.filter(({ name, rules }) => names.includes(name) && rules.includes(rule));
    expect(known.map(({ name }) => name).sort()).toEqual([...names].sort());
  });

  test('are labelled with no rule of which the table does not know them', () => {
    const stated = BRANCHES.flatMap(([rule, , by]) =>
      typeof by === 'string' ? [] : by.map((name) => [name, rule]),
    );
    const labelled = SITUATIONS.flatMap(({ name, rules }) => rules.map((rule) => [name, rule]));
    expect(labelled.sort()).toEqual(stated.sort());
  });

  test('have a name each', () => {
    expect(new Set(SITUATIONS.map(({ name }) => name)).size).toBe(SITUATIONS.length);
  });
});
