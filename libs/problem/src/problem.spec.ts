import { describe, expect, test } from '@jest/globals';
import { PROBLEMS, Problem, isProblemName } from './index.js';

describe('a problem', () => {
  test('renders as an RFC 9457 document with the catalogue number and the field it names', () => {
    const problem = new Problem('field-not-granted', { field: '/fields/2', extensions: { exchange: 'e-1' } });
    expect(problem.toDocument()).toEqual({
      type: 'urn:exchange-gateway:problem:field-not-granted',
      title: '共享方案未授权此字段',
      status: 403,
      code: 4031,
      field: '/fields/2',
      exchange: 'e-1',
    });
  });

  test('keeps the cause of a foreign error to itself', () => {
    const problem = Problem.from(new Error('connect ECONNREFUSED db.internal'));
    expect(JSON.stringify(problem.toDocument())).not.toContain('ECONNREFUSED');
    expect(problem.problem).toBe('internal');
    expect(problem.cause).toBeInstanceOf(Error);
  });

  test('passes through unchanged when it already is one', () => {
    const problem = new Problem('burst');
    expect(Problem.from(problem)).toBe(problem);
  });
});

test('every code is used once and agrees with nothing outside its class', () => {
  const codes = Object.values(PROBLEMS).map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  expect(isProblemName('burst')).toBe(true);
  expect(isProblemName('toString')).toBe(false);
});
