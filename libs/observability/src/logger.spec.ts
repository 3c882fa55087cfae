import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Problem } from '#problem';
import { createLogger, type LogFields } from './index.js';

function recorded(write: (log: ReturnType<typeof createLogger>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  write(createLogger('debug', { write: (line: string) => void lines.push(line) }));
  return lines
    .flatMap((line) => line.trimEnd().split('\n'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('a log line', () => {
  test('holds ids and codes, and drops what may be a person', () => {
    const [line] = recorded((log) =>
      log.info('exchange answered', {
        exchange: '5e0f3c1e-0000-4000-8000-000000000001',
        query: 'HR-SI-01@1',
        code: 4031,
        key: '990101198503120010',
        url: '/v1/people/10000000001',
        state: '张测试',
      }),
    );
    expect(line).toEqual({
      level: 30,
      time: expect.any(String) as unknown,
      msg: 'exchange answered',
      exchange: '5e0f3c1e-0000-4000-8000-000000000001',
      query: 'HR-SI-01@1',
      code: 4031,
      key: '[dropped]',
      url: '[dropped]',
      state: '[dropped]',
    });
  });

  test('has no field that is not on the list', () => {
    const sneaky = { exchange: 'e-1', idNumber: 'x' } as LogFields;
    expect(recorded((log) => log.info('a', sneaky))[0]).not.toHaveProperty('idNumber');
  });

  test('tells of an error its class and code, not its message', () => {
    const error = new Error('duplicate key (id)=(990101198503120010)', { cause: new TypeError('secret') });
    const [line] = recorded((log) =>
      log.error('append failed', {}, new Problem('log-unavailable', { cause: error })),
    );
    expect(JSON.stringify(line)).not.toContain('9901011985');
    expect(line).toMatchObject({
      error: 'Problem',
      problem: 'log-unavailable',
      errorCode: 5031,
      cause: 'Error',
    });
  });

  test('stays one line whatever it is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (state) => {
        expect(recorded((log) => log.warn('odd', { state }))).toHaveLength(1);
      }),
    );
  });

  test('names each field once, and a child says what it knows better', () => {
    const lines: string[] = [];
    const log = createLogger('info', { write: (line: string) => void lines.push(line) });
    log
      .child({ agency: 'hrss-990000', step: 'adapter' })
      .child({ step: 'sweep' })
      .info('done', { step: 'end' });
    expect(lines.join('').replace(/"time":"[^"]*",/, '')).toBe(
      '{"level":30,"agency":"hrss-990000","step":"end","msg":"done"}\n',
    );
  });
});
