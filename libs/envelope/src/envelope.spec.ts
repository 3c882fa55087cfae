import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { parsePrivateLine, parsePublicLine, type PublicLine } from '#evidence';
import { parseQuestionHeaders, type WireMessage } from '#messaging';
import { answer, AT, DEADLINE, province, question, refusal } from './node.fixture.js';
import { CONTEXT_LIFE_MS, LARGEST_PLAINTEXT, Sealer } from './index.js';

describe('a sealed message', () => {
  test('opens at its receiver to exactly what was sealed', async () => {
    const { housing, hrss, sealer, opener } = province();
    const asked = question(housing);
    const { deadline, ...opened } = await opener(hrss).open(asked.topic, await sealer.seal(asked));
    const { deadline: _, ...sealed } = asked;
    expect(deadline).toBe(DEADLINE);
    expect(opened).toEqual({
      ...sealed,
      publicLine: parsePublicLine(asked.entry.publicLine),
      privateLine: parsePrivateLine(asked.entry.privateLine!),
    });
  });

  test('opens without kx, bundle, private line and body where there are none', async () => {
    const { housing, hrss, sealer, opener } = province();
    const asked = question(housing);
    const sent = answer(hrss, asked, Buffer.alloc(0));
    const { bundle: _bundle, ...bare } = sent;
    const { privateLine: _private, ...publicOnly } = bare.entry;
    const wire = await sealer.seal({ ...bare, entry: publicOnly });
    const opened = await opener(housing).open(sent.topic, wire);
    expect(Object.keys(wire.headers)).not.toContain('bundle');
    expect([opened.kx, opened.bundle, opened.privateLine, opened.body]).toEqual([
      undefined,
      undefined,
      undefined,
      Buffer.alloc(0),
    ]);
    expect(opened.entry).toEqual(publicOnly);
  });

  test('shows the broker routing headers and nothing of what is in it', async () => {
    const { housing, sealer } = province();
    const asked = question(housing);
    const { headers, value, key } = await sealer.seal({ ...asked, traceparent: '00-aa-bb-01' });
    const { ce_id: _id, enc: _enc, nonce: _nonce, ...shown } = headers;
    expect(shown).toEqual({
      'message-version': '1',
      ce_specversion: '1.0',
      ce_type: 'exchange.request',
      ce_source: 'housing-9901',
      ce_subject: asked.exchange,
      ce_time: new Date(AT).toISOString(),
      topic: 'exchange.request.hrss-9901',
      exchange: asked.exchange,
      from: 'housing-9901',
      to: 'hrss-9901',
      bundle: '7',
      deadline: DEADLINE,
      'receiver-key': 'hrss-9901/hpke/1',
      traceparent: '00-aa-bb-01',
    });
    expect(key).toBe(asked.exchange);
    for (const secret of ['marked', 'HR-SI-01', 'intent'])
      expect(Buffer.from(value).includes(secret)).toBe(false);
  });

  test('has headers that the transport takes', async () => {
    const { housing, sealer } = province();
    const { headers } = await sealer.seal(question(housing));
    expect(parseQuestionHeaders(headers)).toMatchObject({
      source: 'housing-9901',
      deadline: Date.parse(DEADLINE),
    });
  });

  test('shares one context with the others of ten minutes to the same receiver, never a nonce', async () => {
    const { housing, hrss, sealer, time } = province();
    const seal = async () => (await sealer.seal(question(housing))).headers;
    const [one, two] = await Promise.all([seal(), seal()]);
    const back = (await sealer.seal(answer(hrss, question(housing), Buffer.alloc(9)))).headers;
    time.now += CONTEXT_LIFE_MS - 1;
    const same = await seal();
    time.now += 1;
    const renewed = await seal();
    const encs = [one, two, back, same, renewed].map(({ enc }) => enc);
    expect([encs[0] === encs[1], encs[0] === encs[3], new Set(encs).size]).toEqual([true, true, 3]);
    expect(new Set([one, two, back, same, renewed].map(({ nonce }) => nonce)).size).toBe(5);
  });

  test('is not made for a receiver without a key, nor with more than the largest class holds', async () => {
    const { housing, sealer } = province();
    expect(await refusal(() => sealer.seal(question(housing, {}, { to: 'nobody' })))).toBe(
      'transport-unavailable to',
    );
    expect(
      await refusal(() => sealer.seal(question(housing, {}, { body: Buffer.alloc(LARGEST_PLAINTEXT) }))),
    ).toBe('body-too-large');
    expect(await refusal(() => sealer.seal(question(housing, {}, { bodyNonce: Buffer.alloc(8) })))).toBe(
      'internal bodyNonce',
    );
    expect(await refusal(() => sealer.seal(question(housing, {}, { kx: Buffer.alloc(31) })))).toBe(
      'internal kx',
    );
  });
});

describe('size', () => {
  const sizeOf = ({ value }: WireMessage) => value.length - 16;

  test('is a power of two in KiB, whatever the body', async () => {
    const { housing, sealer } = province();
    const sizes = await Promise.all(
      [0, 1_000, 3_000, 7_000, 200_000].map(async (length) =>
        sizeOf(await sealer.seal(question(housing, {}, { body: randomBytes(length) }))),
      ),
    );
    expect(sizes.map((size) => size / 1024)).toEqual([2, 4, 8, 16, 256]);
  });

  test('does not tell found from none, refused or ambiguous', async () => {
    const { housing, hrss, sealer } = province();
    const asked = question(housing);
    const answers: Partial<PublicLine>[] = [
      {},
      { outcomes: { none: 1 }, rows: 0 },
      { outcomes: { refused: 1 }, reason: 'region-out-of-scope' },
    ];
    const sizes = answers.flatMap((line) =>
      [40, 400, 1_500].map(async (length) =>
        sizeOf(await sealer.seal(answer(hrss, asked, randomBytes(length), line))),
      ),
    );
    expect(new Set(await Promise.all(sizes))).toEqual(new Set([4096]));
  });

  test('follows from the longest answer there could be when the caller names it', async () => {
    const { housing, hrss, sealer } = province();
    const asked = question(housing);
    const seal = (length: number) =>
      sealer.seal(answer(hrss, asked, randomBytes(length), {}, { atLeast: 100_000 }));
    expect([sizeOf(await seal(50)), sizeOf(await seal(90_000))]).toEqual([131_072, 131_072]);
  });
});

describe('a tail', () => {
  test('opens at the monitor, with its log, and is no exchange', async () => {
    const { housing, tax, sealer, opener, registry, clock } = province();
    const body = randomBytes(3_000);
    const tail = { topic: 'log.tail', origin: housing.origin, to: tax.agency, body };
    const wire = await sealer.sealTail(tail);
    expect(await opener(tax).openTail('log.tail', wire)).toEqual({
      origin: housing.origin,
      from: housing.agency,
      body,
    });
    expect(wire.key).toBe(housing.origin);
    expect(await refusal(() => opener(tax).open('log.tail', wire))).toBe('envelope-changed ce_type');
    const foreign = await new Sealer({ registry, clock }).sealTail({
      ...tail,
      origin: 'housing-9901/gateway/9',
    });
    expect(await refusal(() => opener(tax).openTail('log.tail', foreign))).toBe('sender-unknown origin');
  });

  test('is not what a question is opened as', async () => {
    const { housing, hrss, sealer, opener } = province();
    const asked = question(housing);
    const wire = await sealer.seal(asked);
    expect(await refusal(() => opener(hrss).openTail(asked.topic, wire))).toBe('envelope-changed ce_type');
  });
});
