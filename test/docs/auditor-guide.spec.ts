import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { alarmWords, faultWords } from '../../apps/cli/src/words/faults.js';
import { FAULTS } from '../../apps/monitor/src/counting/judge.js';
import { ALARM_KINDS } from '../../apps/monitor/src/watching/alarms.js';

const root = join(import.meta.dirname, '../..');
const guide = readFileSync(join(root, 'docs/guides/auditor.md'), 'utf8');

test('the auditor’s guide names every address of the audit server and of the monitor', () => {
  const routes = ['audit', 'monitor'].flatMap(routesOf);
  expect(routes).toContain('GET /v1/reconciliation/differences');
  expect(routes.length).toBeGreaterThanOrEqual(11);
  expect(routes.filter((route) => !guide.includes(`\`${route}\``))).toEqual([]);
});

test('the auditor’s guide says what each difference means, and the command line has a word for each and for each alarm', () => {
  expect(FAULTS.filter((fault) => !guide.includes(`\`${fault}\``))).toEqual([]);
  expect(FAULTS.filter((fault) => faultWords(fault).startsWith(fault))).toEqual([]);
  expect(ALARM_KINDS.filter((kind) => alarmWords(kind).startsWith(kind))).toEqual([]);
});

/** As its controllers declare them. */
function routesOf(app: string): string[] {
  return globSync(`apps/${app}/src/**/*.controller.ts`, { cwd: root }).flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const [, base = ''] = /@Controller\('([^']*)'\)/.exec(text) ?? [];
    return [...text.matchAll(/@(Get|Post)\((?:'([^']*)')?\)/g)].map(
      ([, method, path]) => `${method!.toUpperCase()} /${[base, path].filter(Boolean).join('/')}`,
    );
  });
}
