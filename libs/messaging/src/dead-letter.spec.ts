import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Problem } from '#problem';
import { DEAD_HEADER, deadLetter } from './dead-letter.js';
import { HEADER, messageHeaders } from './headers.js';

const poison = (headers: Record<string, string>) => ({
  ...{ topic: 'exchange.request.hrss-990000', partition: 0, offset: '7', key: 'k', headers },
  value: Buffer.from('whatever'),
});
const letterOf = (headers: Record<string, string>) => deadLetter(poison(headers), new Problem('internal'));

/** Names that every object answers to, and any others. */
const names = fc.oneof(
  fc.constantFrom(...Object.getOwnPropertyNames(Object.prototype)),
  fc.constantFrom<string>(...Object.values(HEADER)),
  fc.string(),
);

describe('a dead letter', () => {
  test('bears no header outside its list, whatever the poison’s headers are called', () => {
    const listed = new Set<string>([...Object.values(HEADER), ...Object.values(DEAD_HEADER)]);
    fc.assert(
      fc.property(fc.array(fc.tuple(names, fc.string())), (pairs) => {
        const { headers } = letterOf(Object.fromEntries(pairs));
        expect(Object.keys(headers).filter((name) => !listed.has(name))).toEqual([]);
      }),
    );
  });

  test.each(Object.getOwnPropertyNames(Object.prototype))('leaves out the header %s', (name) => {
    const { key, headers } = letterOf(Object.fromEntries([[name, '10000000000']]));
    expect([key, ...Object.entries(headers).flat()]).not.toContain('10000000000');
  });

  test('keeps what is well-formed of the headers that it knows', () => {
    const sent = messageHeaders({
      source: 'hrss-990000/adapter/0',
      type: 'exchange.request',
      subject: 'registry',
    });
    expect(letterOf({ ...sent, [HEADER.deadline]: 'soon' }).headers).toMatchObject(sent);
    expect(letterOf({ ...sent, [HEADER.deadline]: 'soon' }).headers).not.toHaveProperty(HEADER.deadline);
  });
});
