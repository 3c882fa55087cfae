import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { statementName } from './statement-name.js';

describe('the name of a statement', () => {
  test.each([
    ['begin', { operation: 'BEGIN' }],
    ['COMMIT', { operation: 'COMMIT' }],
    ['select 1', { operation: 'SELECT' }],
    ['select pg_sleep(1), a from ac01 where id = $1', { operation: 'SELECT', target: 'ac01' }],
    ['select * from unnest($1::text[]) as t', { operation: 'SELECT' }],
    [
      '\n  select a\n  from public.ry_jbxx r join x using (y)',
      { operation: 'SELECT', target: 'public.ry_jbxx' },
    ],
    [
      'insert into call (requester) values ($1) on conflict do update set a = 1',
      { operation: 'INSERT', target: 'call' },
    ],
    ['update call set answer = $3', { operation: 'UPDATE', target: 'call' }],
    ['delete from call where expires < $1', { operation: 'DELETE', target: 'call' }],
    [
      `with fast as (select set_config('synchronous_commit', 'off', true)) insert into kept_answer select $1 from fast`,
      { operation: 'INSERT', target: 'kept_answer' },
    ],
    ["set statement_timeout = '1500ms'", { operation: 'SET' }],
    ['explain anything', { operation: 'OTHER' }],
    ['', { operation: 'OTHER' }],
  ])('%s', (sql, name) => {
    expect(statementName(sql)).toEqual(name);
  });

  test.each([
    `select 1 where name = 'from zhangsan'`,
    `select 1 where name = 'it''s from zhangsan'`,
    `select 1 -- from zhangsan`,
    `select 1 /* from zhangsan */`,
    `select $x$ from zhangsan $x$`,
    `select "from zhangsan"`,
  ])('never comes out of a literal, a quoted name or a comment: %s', (sql) => {
    expect(statementName(sql)).toEqual({ operation: 'SELECT' });
  });

  test('is made of nothing but a word of SQL and an identifier, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('', 'select a from ', 'update '),
        (text, head) => {
          const { operation, target = 'none' } = statementName(head + text);
          expect(`${operation} ${target}`).toMatch(/^[A-Z]+ [A-Za-z_][A-Za-z0-9_.]{0,62}$/);
        },
      ),
    );
  });
});
