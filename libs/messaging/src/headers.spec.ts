import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Problem } from '#problem';
import { HEADER, messageHeaders, parseReplyHeaders, parseRequestHeaders } from './index.js';

const EXCHANGE = '0b0f2c60-3f0a-4a31-9d0e-2f6d4f6a7c11';
const CORRELATION = '5d4a9c1e-7f64-4a0f-8c55-0d7c0c0b6f22';
const AT = new Date('2026-11-21T08:00:00.000Z');

function request(changes: Record<string, string | undefined> = {}): Record<string, string> {
  const headers = {
    ...messageHeaders({
      source: 'housing-990100/gateway/0',
      type: 'exchange.request',
      subject: EXCHANGE,
      time: AT,
      deadline: new Date(AT.getTime() + 600_000),
    }),
    [HEADER.correlationId]: CORRELATION,
    [HEADER.replyTopic]: 'exchange.reply.housing-990100',
    [HEADER.replyPartition]: '31',
    ...changes,
  };
  return Object.fromEntries(Object.entries(headers).filter(([, text]) => text !== undefined));
}

function refusal(read: () => unknown): { problem: string; field: string | undefined; text: string } {
  try {
    return { problem: 'none', field: undefined, text: JSON.stringify(read()) };
  } catch (error) {
    const { problem, field, message } = error as Problem;
    return { problem, field, text: message };
  }
}

describe('request headers', () => {
  test('read back as written', () => {
    expect(parseRequestHeaders(request())).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      source: 'housing-990100/gateway/0',
      type: 'exchange.request',
      time: AT.getTime(),
      subject: EXCHANGE,
      deadline: AT.getTime() + 600_000,
      correlationId: CORRELATION,
      replyTopic: 'exchange.reply.housing-990100',
      replyPartition: 31,
    });
  });

  test.each([
    [HEADER.version, '0', 'envelope-version'],
    [HEADER.version, undefined, 'envelope-version'],
    [HEADER.specversion, '0.3', 'envelope-version'],
    [HEADER.id, '990101199001011234', 'envelope-changed'],
    [HEADER.source, 'housing/990101199001011234', 'envelope-changed'],
    [HEADER.source, 'http://elsewhere', 'envelope-changed'],
    [HEADER.type, '', 'envelope-changed'],
    [HEADER.time, '2026-11-21T08:00:00Z', 'envelope-changed'],
    [HEADER.time, '2026-13-21T08:00:00.000Z', 'envelope-changed'],
    [HEADER.subject, '张三', 'envelope-changed'],
    [HEADER.deadline, undefined, 'envelope-changed'],
    [HEADER.deadline, '2026-11-21T16:00:00.000+08:00', 'envelope-changed'],
    [HEADER.deadline, '2026-11-21T08:10:00.001Z', 'envelope-expired'],
    [HEADER.correlationId, `${CORRELATION}\n`, 'envelope-changed'],
    [HEADER.replyTopic, 'log.tail', 'envelope-changed'],
    [HEADER.replyTopic, 'exchange.reply.', 'envelope-changed'],
    [HEADER.replyPartition, '-1', 'envelope-changed'],
    [HEADER.replyPartition, '1e3', 'envelope-changed'],
    [HEADER.replyPartition, '01', 'envelope-changed'],
  ])('with %s = %j end in %s', (name, text, problem) => {
    const found = refusal(() => parseRequestHeaders(request({ [name]: text })));
    expect({ ...found, text: '' }).toEqual({
      problem,
      field: name,
      text: '',
    });
    if (text && problem === 'envelope-changed') expect(found.text).not.toContain(text);
  });

  test('with anything at all in any header are read or refused by code, and never quote what they refuse', () => {
    const names = fc.constantFrom(...Object.values(HEADER));
    fc.assert(
      fc.property(names, fc.string({ minLength: 6, unit: 'binary' }), (name, text) => {
        const { problem, text: message } = refusal(() => parseRequestHeaders(request({ [name]: text })));
        expect(['none', 'envelope-version', 'envelope-changed', 'envelope-expired']).toContain(problem);
        if (problem !== 'none') expect(message).not.toContain(text);
      }),
    );
  });
});

describe('reply headers', () => {
  test('may name a problem of ours', () => {
    const headers = request({ [HEADER.problem]: 'log-unavailable' });
    expect(parseReplyHeaders(headers)).toMatchObject({
      correlationId: CORRELATION,
      problem: 'log-unavailable',
    });
    expect(parseReplyHeaders(request())).not.toHaveProperty('problem');
  });

  test.each(['toString', 'no-such-problem', ''])('refuse the problem %j', (problem) => {
    const headers = request({ [HEADER.problem]: problem });
    expect(refusal(() => parseReplyHeaders(headers))).toMatchObject({
      problem: 'envelope-changed',
      field: HEADER.problem,
    });
  });
});
