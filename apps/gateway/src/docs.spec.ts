import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Module } from '@nestjs/common';
import { loadContracts } from '#contracts';
import { startHttp, type RunningHttp } from '#http';
import { createLogger } from '#observability';
import { PROBLEMS } from '#problem';
import { manualClock } from '#testing';
import { serveDocs } from './docs.js';

@Module({})
class NothingModule {}

const contracts = loadContracts();
const logger = createLogger('error', { write: () => undefined });
const clock = manualClock('2026-11-21T02:00:00.000Z');
const start = (served = contracts): Promise<RunningHttp> =>
  startHttp(NothingModule, {
    host: '127.0.0.1',
    port: 0,
    logger,
    configure: (fastify) => serveDocs(fastify, served, clock),
  });

let http: RunningHttp;
beforeAll(async () => {
  http = await start();
});
afterAll(() => http.close());

const page = async (path: string): Promise<string> => (await fetch(http.url + path)).text();

describe('the documents', () => {
  test('are not served from contracts whose README does not say what a query asks', async () => {
    const root = await mkdtemp(join(tmpdir(), 'contracts-'));
    await cp(contracts.root, root, { recursive: true });
    await writeFile(join(root, 'queries/HR-SI-01/README.md'), '# HR-SI-01\n');
    await expect(start({ ...contracts, root })).rejects.toMatchObject({
      problem: 'registry-invalid',
      field: 'queries/HR-SI-01/README.md',
    });
    await rm(root, { recursive: true });
  });

  test('know no page of a query that is not there', async () => {
    const answer = await fetch(`${http.url}/docs/queries/HR-XX-99`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ]);
  });

  test('give no file of Swagger UI but its script and style', async () => {
    const status = async (name: string): Promise<number> =>
      (await fetch(`${http.url}/docs/assets/${name}`)).status;
    expect(await Promise.all(['index.html', 'package.json', '..%2fpackage.json'].map(status))).toEqual([
      404, 404, 404,
    ]);
    expect(await Promise.all(['swagger-ui-bundle.js', 'swagger-ui.css'].map(status))).toEqual([200, 200]);
  });

  test.each([
    [
      '/docs/',
      "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ],
    [
      '/docs/try',
      "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ],
  ])('hold %s to its policy', async (path, policy) => {
    const { headers } = await fetch(http.url + path);
    expect([headers.get('content-security-policy'), headers.get('x-content-type-options')]).toEqual([
      policy,
      'nosniff',
    ]);
  });

  test('lead nowhere that is not there, neither to a page nor to a place in it', async () => {
    const seen = new Map<string, string>();
    const waiting = ['/docs/'];
    const broken: string[] = [];
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (seen.has(path)) continue;
      const answer = await fetch(http.url + path);
      seen.set(path, await answer.text());
      if (answer.status !== 200) broken.push(path);
      if (answer.headers.get('content-type')?.startsWith('text/html'))
        waiting.push(...linksOf(seen.get(path)!, path));
    }
    const ours = [...seen].filter(([path]) => !path.startsWith('/docs/assets/'));
    const anchors = ours.flatMap(([path, text]) =>
      [...text.matchAll(/href="([^"]*)#([^"/]+)"/g)].map(([, to, id]) => [to || path, id] as const),
    );
    broken.push(...anchors.filter(([path, id]) => !seen.get(path)!.includes(`id="${id}"`)).map(String));
    expect(broken).toEqual([]);
    expect(seen.size).toBeGreaterThan(contracts.contracts.size + 8);
  });

  test('name nothing elsewhere', async () => {
    const paths = [
      '/docs/',
      '/docs/grants',
      '/docs/problems',
      '/docs/try',
      '/docs/queries/HR-SI-01',
      '/docs/style.css',
      '/docs/swagger.css',
    ];
    const texts = await Promise.all(paths.map(page));
    expect(texts.join('').match(/(https?:)?\/\/[a-z0-9]/gi)).toBeNull();
  });

  test('tell every query with all its fields, and that its trial is there', async () => {
    const operations = await page('/docs/openapi.json');
    for (const contract of contracts.contracts.values()) {
      const name = contracts.find(contract.code) === contract ? contract.code : contract.id;
      const text = await page(`/docs/queries/${name}`);
      for (const field of contract.fields) expect(text).toContain(`<code>${field.name}</code>`);
      const operation = new RegExp(`/docs/try#/${contract.owner}/(\\w+)"`).exec(text)?.[1];
      expect(operations).toContain(`"operationId": "${operation}"`);
    }
  });

  test('tell every error code, in the order in which it is looked for', async () => {
    const text = await page('/docs/problems');
    const told = [...text.matchAll(/id="(\d{4})"/g)].map(([, code]) => Number(code));
    expect(told).toEqual(
      Object.values(PROBLEMS)
        .map(({ code }) => code)
        .sort(),
    );
  });

  test('tell every grant of every agency', async () => {
    const text = await page('/docs/grants');
    const grants = contracts.schemes.flatMap((scheme) => scheme.grants);
    expect(text.match(/<article class="grant">/g)).toHaveLength(grants.length);
    for (const { contact } of contracts.agencies.values()) expect(text).not.toContain(contact.phone);
  });

  test('tell in words which grants are in force at the moment, on every page that tells grants', async () => {
    const told = async (path: string): Promise<string[]> => {
      const grants = (await page(path)).split('<article class="grant">').slice(1);
      return grants.map((grant) => /<p class="notice warn">([^<]*)</.exec(grant)?.[1]?.trim() ?? '');
    };
    const grants = contracts.schemes.flatMap((scheme) => scheme.grants);
    const expired = '已到期：有效至 2025-06-30';
    const states = await told('/docs/grants');
    expect(states.toSorted()).toEqual([...grants.slice(1).map(() => ''), expired]);
    expect(await told('/docs/queries/HR-EX-01')).toContain(expired);
    clock.set('2027-12-31T02:00:00.000Z');
    const soon = '30 天内到期：有效至 2027-12-31';
    expect((await told('/docs/grants')).toSorted()).toEqual([...grants.slice(1).map(() => soon), expired]);
    clock.set('2024-01-01T02:00:00.000Z');
    expect(await told('/docs/queries/HR-EX-01')).toContain('未生效：2024-07-01 起');
  });
});

/** Paths that a page links to or loads, without the place in them. */
function linksOf(text: string, from: string): string[] {
  return [...text.matchAll(/(?:href|src)="([^"#]*)/g)].map(([, path]) => path || from);
}
