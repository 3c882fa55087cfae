import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startChromium, type Browser } from '../support/chromium.js';
import { type Page } from '../support/page.js';
import { useProvince } from '../support/use-province.js';

const HOUSING = 'housing-990100';
const OPERATION = '#operations-hrss-askHrSi01';
const ANSWER = `${OPERATION} .live-responses-table`;
let browser: Browser;
beforeAll(async () => {
  browser = await startChromium();
}, 30_000);
// Before the province: hooks at the end run in this order, and a browser's open connections hold a gateway up.
afterAll(() => browser?.close());
const province = useProvince();

const origin = (agency = HOUSING): string => province().gateways.get(agency)!.url;
const keyFile = (agency: string, use: string): string =>
  join(province().keys.dirOf(agency), 'keys', `${use}.000001.json`);

async function openTry(agency = HOUSING, size?: { width: number; height: number }): Promise<Page> {
  const page = await browser.open(size);
  await page.goto(`${origin(agency)}/docs/try#/hrss/askHrSi01`);
  await page.click(`${OPERATION} .try-out__btn`);
  await page.until(`document.querySelector('${OPERATION} .execute')`);
  return page;
}

async function pickKey(page: Page, path: string): Promise<string> {
  const before = await page.text('#key-state');
  await page.pickFile('#key', path);
  await page.until(`document.querySelector('#key-state').innerText.trim() !== ${JSON.stringify(before)}`);
  return page.text('#key-state');
}

/** Sends, and reads what the page shows of the answer. */
async function execute(page: Page): Promise<{ status: string; body: Record<string, unknown> }> {
  await page.click(`${OPERATION} .execute`);
  const status = await page.text(`${ANSWER} tbody .response-col_status`);
  return {
    status,
    body: JSON.parse(await page.text(`${ANSWER} .highlight-code pre`)) as Record<string, unknown>,
  };
}

describe('the documents in a browser', () => {
  test('lead from the catalogue to a query and on to its trial', async () => {
    const page = await browser.open();
    await page.goto(`${origin()}/docs/`);
    expect(await page.evaluate('[document.documentElement.lang, document.title]')).toEqual([
      'zh-CN',
      '接口目录 · 部门数据交换网关',
    ]);
    await page.click('a[href="/docs/queries/HR-SI-01"]');
    await page.until(`location.pathname === '/docs/queries/HR-SI-01' && document.readyState === 'complete'`);
    expect(await page.text('h1')).toBe('HR-SI-01 社保缴费记录查询');
    expect(await page.text('#fields ~ table tbody tr:nth-child(2)')).toMatch(
      /证件号码\s+idNumber\s+敏感个人信息/,
    );
    await page.click('a[href^="/docs/try#"]');
    expect(await page.text(`${OPERATION} .try-out__btn`)).toBe('试用');
    expect(page.errors).toEqual([]);
  });

  test('answer a signed question of this agency, and nothing leaves for elsewhere', async () => {
    const page = await openTry();
    expect(await pickKey(page, keyFile(HOUSING, 'http-signature'))).toContain(
      `已载入 ${HOUSING} 的密钥 ${HOUSING}/http-signature/1`,
    );
    const first = await execute(page);
    expect([first.status, first.body['query']]).toEqual(['200', 'HR-SI-01@1']);
    expect(await page.evaluate('Object.keys(localStorage).length + Object.keys(sessionStorage).length')).toBe(
      0,
    );
    expect(page.errors).toEqual([]);
    expect([...new Set(page.requested.map((url) => new URL(url).origin))]).toEqual([origin()]);
  });

  test.each([390, 1280])('show an answer that nothing lies upon, %i wide', async (width) => {
    const page = await openTry(HOUSING, { width, height: 844 });
    await pickKey(page, keyFile(HOUSING, 'http-signature'));
    await execute(page);
    const covering = `(() => {
      const answer = document.querySelector('${ANSWER} .highlight-code > pre').getBoundingClientRect();
      return [...document.querySelectorAll('${ANSWER} .highlight-code button')]
        .map((button) => button.getBoundingClientRect())
        .filter(({ width, top, bottom }) => width > 0 && top < answer.bottom && bottom > answer.top).length;
    })()`;
    expect(await page.evaluate(covering)).toBe(0);
    const status = `getComputedStyle(document.querySelector('${ANSWER} .response-col_status')).paddingLeft`;
    expect(await page.evaluate(status)).toBe('12px');
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  });

  test('ask anew each time they send: another request id, another signature', async () => {
    const page = await openTry();
    await pickKey(page, keyFile(HOUSING, 'http-signature'));
    const first = await execute(page);
    await page.click(`${OPERATION} .btn-clear`);
    await page.until(`!document.querySelector('${ANSWER}')`);
    const second = await execute(page);
    expect([first.status, second.status]).toEqual(['200', '200']);
    expect(second.body['requestId']).not.toBe(first.body['requestId']);
  });

  test('send nothing without a key, and say so', async () => {
    const page = await openTry();
    await page.click(`${OPERATION} .execute`);
    expect(await page.text(ANSWER)).toContain('未发送：请先在页首选择密钥文件。');
    expect(await page.text('#key-state')).toBe('请先选择密钥文件，再发送。');
    expect(page.requested.filter((url) => url.includes('/v1/'))).toEqual([]);
  });

  test.each([
    ['a file that is no JSON', () => '不是密钥', '这不是密钥文件：内容不是 JSON。'],
    ['a JSON that is no key', () => '{"key":1}', '这不是密钥库的密钥文件：应含 key 与 jwk 两部分。'],
  ])('explain %s', async (_what, text, said) => {
    const page = await openTry();
    const path = join(province().keys.dirOf(HOUSING), 'wrong.json');
    await writeFile(path, text());
    expect(await pickKey(page, path)).toBe(said);
  });

  test('explain a key of another use, and forget the one before', async () => {
    const page = await openTry();
    await pickKey(page, keyFile(HOUSING, 'http-signature'));
    expect(await pickKey(page, keyFile(HOUSING, 'hpke'))).toBe(
      '这是加密密钥，不能用来签请求。请选择文件名中含 http-signature 的密钥文件。',
    );
    await page.click(`${OPERATION} .execute`);
    expect(await page.text(ANSWER)).toContain('未发送');
  });

  test('show the refusal of a key that is another agency’s', async () => {
    const page = await openTry();
    await pickKey(page, keyFile('hrss-990000', 'http-signature'));
    const { status, body } = await execute(page);
    expect([status.split(/\s/)[0], body['code'], body['title']]).toEqual(['403', 4037, '无权读取此内容']);
  });

  test.each([
    ['/docs/', 1280],
    ['/docs/', 390],
    ['/docs/queries/HR-SI-01', 390],
    ['/docs/grants', 390],
    ['/docs/problems', 390],
    ['/docs/try', 390],
  ])('fit %s into a width of %i', async (path, width) => {
    const page = await browser.open({ width, height: 844 });
    await page.goto(origin() + path);
    if (path === '/docs/try') await page.until(`document.querySelector('${OPERATION}')`);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(page.errors).toEqual([]);
  });
});
