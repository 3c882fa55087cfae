import { describe, expect, test } from '@jest/globals';
import { type ExchangeAnswer } from '#client';
import { privHash } from '#evidence';
import { cli, useFolder } from './cli.fixture.js';
import { commitTo, makeLog, receiptAt, write } from './log.fixture.js';
import { type Report } from './report.fixture.js';

const path = useFolder();
const log = makeLog(5);

describe('verify receipt', () => {
  const values: ExchangeAnswer = {
    exchange: '00000000-0000-4000-8000-000000000002',
    provider: 'hrss-990000',
    answer: 'found',
    bundle: 3,
    results: [{ subject: 0, answer: 'found', records: [{ payerName: '测试建设公司' }] }],
    withheld: [],
    fields: { payerName: 'plain' },
    heldBack: 0,
  };
  const { privateLine, bodyNonce } = commitTo(values);
  const withPrivate = makeLog(5, log.origin, () => ({ priv: privHash(privateLine) }));
  const own = write(path(), 'own-keys', `${withPrivate.verifierKey}\n`);
  const receipt = receiptAt(withPrivate, 2, privateLine);
  const whats = ({ receipts }: { receipts: Report[] }) =>
    receipts.flatMap(({ findings }) => findings.map(({ what }) => what));

  async function check(document: unknown, ...more: string[]) {
    const file = write(path(), 'receipt.json', JSON.stringify(document));
    const { code, out, err } = await cli(['verify', 'receipt', file, '--keys', own, '--json', ...more]);
    if (err !== '') throw new Error(err);
    return { code, findings: whats(JSON.parse(out) as { receipts: Report[] }) };
  }

  test.each<[string, unknown, string[]]>([
    ['that is none', { nothing: 1 }, ['not-a-receipt']],
    [
      'with a changed entry',
      { ...receipt, entry: receipt.entry.replace('"rows":1', '"rows":2') },
      ['not-included'],
    ],
    [
      'with a changed private line',
      { ...receipt, private: receipt.private!.replace('plain', 'mask') },
      ['private-line-differs'],
    ],
    [
      'moved to another place',
      { ...receipt, proof: receipt.proof.replace('index 2', 'index 3') },
      ['not-included'],
    ],
    ['of a log with another key', receiptAt(log, 2), ['checkpoint-unverified']],
    ['with a proof that is none', { ...receipt, proof: 'proof' }, ['proof-unreadable']],
    ['that is right', receipt, []],
    ['that is right, without its private line', receiptAt(withPrivate, 4), []],
  ])('checks a receipt %s', async (_what, document, findings) => {
    expect(await check(document)).toEqual({ code: findings.length > 0 ? 1 : 0, findings });
  });

  const exchange: ExchangeAnswer = { ...values, bodyNonce, receipt };
  const answer = (...exchanges: unknown[]) => ({ query: 'HR-SI-01@1', answer: 'found', exchanges });
  const by = ['--requester', 'housing-990100'];

  test.each<[string, unknown, string[]]>([
    ['that holds', exchange, []],
    ['with its members in another order', Object.fromEntries(Object.entries(exchange).toReversed()), []],
    ['of another bundle', { ...exchange, bundle: 4 }, ['other-bundle', 'values-differ']],
    [
      'with one changed value',
      { ...exchange, results: [{ ...values.results[0], records: [{ payerName: '测试建筑公司' }] }] },
      ['values-differ'],
    ],
    ['without its nonce', { ...values, receipt }, ['values-differ']],
    ['with a nonce that is none', { ...exchange, bodyNonce: 5 }, ['values-differ']],
    ['whose private line is erased', { ...exchange, receipt: receiptAt(withPrivate, 2) }, ['values-differ']],
    ['without its receipt', values, ['receipt-missing']],
  ])('checks an exchange of an answer with what it says: one %s', async (_what, one, findings) => {
    expect(await check(answer(one), ...by)).toEqual({ code: findings.length > 0 ? 1 : 0, findings });
  });

  test('holds what is said of the whole call against its exchanges, and says what no log covers', async () => {
    const said = { ...answer(exchange), answer: 'none', requestId: 'r', verified: [] };
    const stdin = JSON.stringify(said);
    const { code, out, err } = await cli(['verify', 'receipt', '-', '--keys', own, ...by], { stdin });
    expect([code, out.split('\n').slice(1)]).toEqual([
      1,
      ['核验不通过：整次调用', '  整次调用的说法与其中各次交换不符 [call-differs]：answer', ''],
    ]);
    expect(err).toBe('未涵盖（无日志可核验）：requestId\n');
    const json = await cli(['verify', 'receipt', '-', '--keys', own, ...by, '--json'], { stdin });
    expect(JSON.parse(json.out)).toMatchObject({
      ...{ valid: false, receipts: [{ valid: true }], notCovered: ['requestId'] },
      findings: [{ what: 'call-differs', detail: 'answer' }],
    });
  });

  test('takes the exchanges that a refusal lists, which says nothing of the whole call', async () => {
    const { answer: _none, ...refusal } = answer(exchange);
    expect(await check({ ...refusal, code: 5040, status: 504 }, ...by)).toEqual({ code: 0, findings: [] });
  });

  test('shows no control characters that an answer brings', async () => {
    const stdin = JSON.stringify(answer({ ...values, exchange: '\u001b[2J\u202e' }));
    const { out } = await cli(['verify', 'receipt', '-', '--keys', own, ...by], { stdin });
    expect(out.split('\n')[0]).toBe('核验不通过：交换 \uFFFD[2J\uFFFD');
  });

  test('says why an answer without nonce cannot be checked', async () => {
    const stdin = JSON.stringify(answer({ ...values, receipt }));
    const { code, out } = await cli(['verify', 'receipt', '-', '--keys', own, ...by], { stdin });
    expect([code, out.split('\n')[1]]).toEqual([
      1,
      '  答复内容与条目所记的摘要不符，或无从核对 [values-differ]：the answer has no bodyNonce',
    ]);
  });

  test('does not take an empty or odd answer for one', async () => {
    expect(await check(answer(), ...by)).toEqual({ code: 1, findings: ['receipt-missing'] });
    for (const odd of [
      { exchanges: [null], query: 'q' },
      { exchanges: [{ ...exchange, results: [1] }], query: 'q' },
    ]) {
      const { code, err } = await cli(['verify', 'receipt', '-', '--keys', own, ...by], {
        stdin: JSON.stringify(odd),
      });
      expect([code, err]).toEqual([2, '7021 输入无法读取: neither a receipt nor an answer (file)\n']);
    }
    const wrong = await cli(['verify', 'receipt', '-', '--keys', own], {
      stdin: JSON.stringify(answer(exchange)),
    });
    expect([wrong.code, wrong.err.split('\n')[0]]).toEqual([
      2,
      'error: --requester is wanted to check an answer',
    ]);
  });
});
