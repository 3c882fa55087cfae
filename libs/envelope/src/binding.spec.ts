import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { type PublicLine } from '#evidence';
import { answer, DEADLINE, province, question, recorded, refusal, SUBJECT_ROOT } from './node.fixture.js';
import { checkBinding, type Awaited, type ToSeal } from './index.js';

const world = province();
const { housing, hrss, sealer, opener } = world;
const subjectRoot = () => SUBJECT_ROOT;

async function openedQuestion(line: Partial<PublicLine> = {}, over: Partial<ToSeal> = {}) {
  const asked = question(housing, line, over);
  return opener(hrss).open(asked.topic, await sealer.seal(asked));
}

async function openedAnswer(asked: ToSeal, line: Partial<PublicLine> = {}, over: Partial<ToSeal> = {}) {
  const reply = answer(hrss, asked, Buffer.from('{}'), line, over);
  return opener(housing).open(reply.topic, await sealer.seal(reply));
}

function awaiting(asked: ToSeal): Awaited {
  return {
    from: housing.agency,
    to: hrss.agency,
    exchange: asked.exchange,
    query: 'HR-SI-01@1',
    deadline: DEADLINE,
    parent: asked.entry.leaf,
  };
}

describe('a question', () => {
  test('whose entry says what its headers say is accepted', async () => {
    const opened = await openedQuestion();
    expect(await refusal(() => checkBinding(opened, { subjectRoot }))).toBe('accepted');
  });

  test.each<[string, Partial<PublicLine>]>([
    ['exchange', { exchange: randomUUID() }],
    ['from', { from: 'tax-9901' }],
    ['to', { to: 'tax-9901' }],
    ['deadline', { deadline: '2026-06-01T08:00:59.999Z' }],
    ['bundle', { bundle: 8 }],
    ['kind', { kind: 'outcome' }],
    ['parent', { parent: randomBytes(32).toString('base64url') }],
    ['priv', { priv: randomBytes(32).toString('base64url') }],
  ])('whose entry has another %s is refused', async (field, line) => {
    const opened = await openedQuestion(line);
    expect(await refusal(() => checkBinding(opened, { subjectRoot }))).toBe(`envelope-spliced ${field}`);
  });

  test('without a query, or in the log of another agency, is refused', async () => {
    const { publicLine, ...rest } = await openedQuestion();
    const { query: _, ...queryless } = publicLine;
    const refused = (line: PublicLine) =>
      refusal(() => checkBinding({ ...rest, publicLine: line }, { subjectRoot }));
    expect(await refused(queryless)).toBe('envelope-spliced query');
    expect(await refused({ ...publicLine, origin: 'tax-9901/gateway/0' })).toBe('envelope-spliced origin');
  });

  test('with the checkpoint of another log of the sender is refused', async () => {
    const opened = await openedQuestion();
    opened.entry.checkpoint.origin = 'housing-9901/gateway/1';
    expect(await refusal(() => checkBinding(opened, { subjectRoot }))).toBe('envelope-spliced checkpoint');
  });

  test('with the entry of another exchange of the same two is refused', async () => {
    const opened = await openedQuestion({}, { entry: question(housing).entry });
    expect(await refusal(() => checkBinding(opened, { subjectRoot }))).toBe('envelope-spliced exchange');
  });

  test('with another body, body nonce or no private line is refused', async () => {
    const refused = async (over: Partial<ToSeal>) => {
      const opened = await openedQuestion({}, over);
      return refusal(() => checkBinding(opened, { subjectRoot }));
    };
    expect(await refused({ body: Buffer.from('{"marked":"other"}') })).toBe('envelope-spliced bodyHash');
    expect(await refused({ bodyNonce: randomBytes(16) })).toBe('envelope-spliced bodyHash');
    const exchange = randomUUID();
    const { privateLine: _, ...entry } = recorded(housing, Buffer.alloc(0), randomBytes(16), {
      exchange,
      bundle: 7,
    });
    expect(await refused({ exchange, entry })).toBe('envelope-spliced priv');
  });

  test('about other persons than its entry commits to is refused, kx and body being what the caller judges by', async () => {
    const kx = randomBytes(32);
    const opened = await openedQuestion({}, { kx });
    let judged: unknown;
    const other = await refusal(() =>
      checkBinding(opened, {
        subjectRoot: ({ kx: given, body }) => ((judged = [given, body]), Buffer.alloc(32, 6)),
      }),
    );
    expect([other, judged]).toEqual([
      'subjects-differ subjectRoot',
      [kx, Buffer.from('{"marked":"question"}')],
    ]);
  });

  test('is no answer to one that is awaited', async () => {
    const asked = question(housing);
    const opened = await openedQuestion();
    expect(await refusal(() => checkBinding(opened, { subjectRoot, awaited: awaiting(asked) }))).toBe(
      'envelope-spliced kind',
    );
  });
});

describe('a reply', () => {
  const asked = question(housing);

  test('to what is awaited is accepted', async () => {
    const opened = await openedAnswer(asked);
    expect(await refusal(() => checkBinding(opened, { subjectRoot, awaited: awaiting(asked) }))).toBe(
      'accepted',
    );
  });

  test.each<[string, Partial<PublicLine>]>([
    ['parent', { parent: randomBytes(32).toString('base64url') }],
    ['query', { query: 'HR-SI-02@1' }],
    ['kind', { kind: 'intent' }],
    ['exchange', { exchange: randomUUID() }],
    ['deadline', { deadline: '2026-06-01T08:00:30.000Z' }],
  ])('whose entry has another %s is refused', async (field, line) => {
    const opened = await openedAnswer(asked, line);
    expect(await refusal(() => checkBinding(opened, { subjectRoot, awaited: awaiting(asked) }))).toBe(
      `envelope-spliced ${field}`,
    );
  });

  test.each<[string, Partial<Awaited>]>([
    ['from', { to: 'tax-9901' }],
    ['to', { from: 'tax-9901' }],
    ['exchange', { exchange: randomUUID() }],
    ['deadline', { deadline: '2026-06-01T08:05:00.000Z' }],
  ])('to a question with another %s is refused', async (field, over) => {
    const opened = await openedAnswer(asked);
    const awaited = { ...awaiting(asked), ...over };
    expect(await refusal(() => checkBinding(opened, { subjectRoot, awaited }))).toBe(
      `envelope-spliced ${field}`,
    );
  });

  test('that nobody awaits is refused', async () => {
    const opened = await openedAnswer(asked);
    expect(await refusal(() => checkBinding(opened, { subjectRoot }))).toBe('envelope-spliced kind');
  });
});
