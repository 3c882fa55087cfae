import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type WireMessage } from '#messaging';
import { answer, AT, DEADLINE, province, question, refusal } from './node.fixture.js';
import { ENVELOPE_HEADER } from './index.js';

/** A question of the housing bureau on its way to 人社, and what 人社 says to whatever `change` makes of it. */
async function onItsWay() {
  const world = province();
  const asked = question(world.housing);
  const wire = await world.sealer.seal(asked);
  const opener = world.opener(world.hrss);
  const arrive = (change: Partial<WireMessage>, topic = asked.topic) =>
    refusal(() => opener.open(topic, { ...wire, ...change }));
  return { ...world, asked, wire, arrive };
}

test('untouched, it is accepted, also twice', async () => {
  const { arrive } = await onItsWay();
  expect([await arrive({}), await arrive({})]).toEqual(['accepted', 'accepted']);
});

test('one flipped bit anywhere in the value is refused', async () => {
  const { wire, arrive } = await onItsWay();
  const at = fc.oneof(
    fc.nat(wire.value.length - 1),
    fc.integer({ min: wire.value.length - 16, max: wire.value.length - 1 }),
  );
  await fc.assert(
    fc.asyncProperty(at, fc.nat(7), async (position, bit) => {
      const value = Buffer.from(wire.value);
      value[position]! ^= 1 << bit;
      expect(await arrive({ value })).toBe('envelope-changed');
    }),
  );
});

test('cut short or prolonged anywhere it is refused', async () => {
  const { wire, arrive } = await onItsWay();
  await fc.assert(
    fc.asyncProperty(fc.nat(wire.value.length - 1), async (length) => {
      expect(await arrive({ value: wire.value.subarray(0, length) })).toBe('envelope-changed');
    }),
  );
  expect(await arrive({ value: Buffer.concat([wire.value, Buffer.alloc(1)]) })).toBe('envelope-changed');
});

describe('a changed header is refused', () => {
  const H = ENVELOPE_HEADER;
  test.each<[string, string | undefined, string]>([
    [H.version, '2', 'envelope-version message-version'],
    [H.version, undefined, 'envelope-version message-version'],
    [H.specversion, '0.3', 'envelope-changed ce_specversion'],
    [H.type, 'exchange.reply', 'envelope-changed'],
    [H.type, 'exchange.other', 'envelope-changed ce_type'],
    [H.source, 'tax-9901', 'envelope-changed ce_source'],
    [H.subject, randomUUID(), 'envelope-changed ce_subject'],
    [H.topic, 'exchange.request.tax-9901', 'envelope-moved topic'],
    [H.exchange, randomUUID(), 'envelope-changed ce_subject'],
    [H.exchange, 'x', 'envelope-changed exchange'],
    [H.from, 'tax-9901', 'envelope-changed ce_source'],
    [H.from, undefined, 'envelope-changed from'],
    [H.to, 'tax-9901', 'envelope-moved to'],
    [H.bundle, '8', 'envelope-changed'],
    [H.bundle, undefined, 'envelope-changed'],
    [H.bundle, '07', 'envelope-changed bundle'],
    [H.deadline, '2026-06-01T08:02:00.000Z', 'envelope-changed'],
    [H.deadline, '2026-06-01T07:59:59.999Z', 'envelope-expired deadline'],
    [H.deadline, '2026-06-31T08:00:00.000Z', 'envelope-changed deadline'],
    [H.deadline, '2026-13-01T08:00:00.000Z', 'envelope-changed deadline'],
    [H.receiverKey, 'hrss-9901/hpke/2', 'envelope-changed receiver-key'],
    [H.receiverKey, 'hrss-9901/scheme/1', 'envelope-changed receiver-key'],
    [H.enc, randomBytes(32).toString('base64url'), 'envelope-changed'],
    [H.enc, Buffer.alloc(32).toString('base64url'), 'envelope-changed enc'],
    [H.enc, 'AA', 'envelope-changed enc'],
    [H.nonce, randomBytes(12).toString('base64url'), 'envelope-changed'],
    [H.nonce, `${'A'.repeat(15)}=`, 'envelope-changed nonce'],
  ])('%s to %s', async (name, value, expected) => {
    const { wire, arrive } = await onItsWay();
    const { [name]: _, ...headers } = wire.headers;
    expect(await arrive({ headers: { ...headers, ...(value !== undefined && { [name]: value }) } })).toBe(
      expected,
    );
  });

  test('another spelling of the same bytes too', async () => {
    const { wire, arrive } = await onItsWay();
    const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const enc = wire.headers.enc!;
    const twin = enc.slice(0, -1) + last[last.indexOf(enc.at(-1)!) + 1]!;
    expect(Buffer.from(twin, 'base64url')).toEqual(Buffer.from(enc, 'base64url'));
    expect(await arrive({ headers: { ...wire.headers, enc: twin } })).toBe('envelope-changed enc');
  });
});

describe('a message that is somewhere else than it was sealed for is refused', () => {
  test('on another topic, also when the header says so', async () => {
    const { wire, arrive } = await onItsWay();
    const topic = 'exchange.request.fund-9901';
    expect(await arrive({}, topic)).toBe('envelope-moved topic');
    expect(await arrive({ headers: { ...wire.headers, topic } }, topic)).toBe('envelope-changed');
  });

  test('at another receiver, also when the header says so', async () => {
    const { wire, tax, opener, asked } = await onItsWay();
    const open = (headers: WireMessage['headers']) =>
      refusal(() => opener(tax).open(asked.topic, { ...wire, headers: { ...wire.headers, ...headers } }));
    expect(await open({})).toBe('envelope-moved to');
    expect(await open({ to: tax.agency })).toBe('envelope-changed receiver-key');
    expect(await open({ to: tax.agency, 'receiver-key': 'tax-9901/hpke/1' })).toBe('envelope-changed');
  });

  test('under the headers of another message, one by one and all together', async () => {
    const { wire, housing, sealer, arrive } = await onItsWay();
    const other = await sealer.seal(question(housing, {}, { bundle: 9 }));
    const swapped = ['exchange', 'nonce', 'bundle'].map((name) => {
      const subject: Record<string, string> =
        name === 'exchange' ? { ce_subject: other.headers.exchange! } : {};
      return arrive({ headers: { ...wire.headers, [name]: other.headers[name]!, ...subject } });
    });
    expect(new Set(await Promise.all([...swapped, arrive({ headers: other.headers })]))).toEqual(
      new Set(['envelope-changed']),
    );
  });
});

describe('time', () => {
  test('a message is good until its deadline, to the millisecond', async () => {
    const { time, arrive } = await onItsWay();
    time.now = Date.parse(DEADLINE);
    expect(await arrive({})).toBe('accepted');
    time.now += 1;
    expect(await arrive({})).toBe('envelope-expired deadline');
  });

  test('a reply that is looked at late is good for the time that it is given, and no message is without being given one', async () => {
    const { housing, hrss, sealer, opener, time } = province();
    const sent = answer(hrss, question(housing), Buffer.from('{}'));
    const wire = await sealer.seal(sent);
    const arrive = (lateMs?: number) => refusal(() => opener(housing).open(sent.topic, wire, lateMs));
    time.now = Date.parse(DEADLINE) + 600_000;
    expect([await arrive(), await arrive(600_000)]).toEqual(['envelope-expired deadline', 'accepted']);
    time.now += 1;
    expect(await arrive(600_000)).toBe('envelope-expired deadline');
  });

  test.each([
    ['recorded over ten minutes before its deadline', AT - 540_001, 'envelope-expired at'],
    ['recorded ten minutes before its deadline', AT - 540_000, 'accepted'],
    ['recorded a minute ahead of our clock', AT + 60_000, 'accepted'],
    ['recorded further ahead of our clock', AT + 60_001, 'envelope-expired at'],
  ])('a message whose entry was %s', async (_what, at, expected) => {
    const { housing, hrss, sealer, opener } = province();
    const asked = question(housing, { at: new Date(at).toISOString() });
    const wire = await sealer.seal(asked);
    expect(await refusal(() => opener(hrss).open(asked.topic, wire))).toBe(expected);
  });
});

describe('a sender is refused', () => {
  const arrive = async (line: Parameters<typeof question>[1], over: Parameters<typeof question>[2]) => {
    const { housing, hrss, sealer, opener } = province();
    const asked = question(housing, line, over);
    const wire = await sealer.seal(asked);
    return refusal(() => opener(hrss).open(asked.topic, wire));
  };

  test('that is not registered', async () => {
    expect(await arrive({}, { from: 'nobody-9901' })).toBe('sender-unknown from');
  });

  test('whose entry is in a log that is not registered, or is not its own', async () => {
    expect(await arrive({ origin: 'housing-9901/gateway/1' }, {})).toBe('sender-unknown origin');
    expect(await arrive({ origin: 'tax-9901/gateway/0' }, {})).toBe('sender-unknown origin');
  });

  test('that sends no entry, or one that is none', async () => {
    const { housing } = province();
    const { entry } = question(housing);
    const broken = (publicLine: Buffer) => arrive({}, { entry: { ...entry, publicLine } });
    expect(await broken(Buffer.alloc(0))).toBe('envelope-spliced');
    expect(await broken(Buffer.from('{"v":1}'))).toMatch(/^envelope-spliced/);
  });
});

test('a reply opens only at who asked', async () => {
  const { housing, hrss, tax, sealer, opener } = province();
  const reply = answer(hrss, question(housing), Buffer.from('{}'));
  const wire = await sealer.seal(reply);
  expect(await refusal(() => opener(housing).open(reply.topic, wire))).toBe('accepted');
  expect(await refusal(() => opener(tax).open(reply.topic, wire))).toBe('envelope-moved to');
});

test('whatever else arrives is refused with a problem that repeats none of it', async () => {
  const { wire, hrss, opener, asked } = await onItsWay();
  const at = opener(hrss);
  const names = fc.constantFrom(...Object.values(ENVELOPE_HEADER));
  const headers = fc.dictionary(
    names,
    fc.string().map((text) => `marked${text}`),
  );
  await fc.assert(
    fc.asyncProperty(
      headers,
      fc.uint8Array({ maxLength: 5000 }),
      fc.boolean(),
      async (spoilt, value, genuine) => {
        const message = { key: '', headers: genuine ? wire.headers : { ...wire.headers, ...spoilt }, value };
        const refused = await refusal(() => at.open(asked.topic, message));
        expect(refused).toMatch(/^envelope-/);
        expect(refused).not.toContain('marked');
      },
    ),
  );
});
