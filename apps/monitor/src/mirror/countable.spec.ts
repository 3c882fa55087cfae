import { expect, test } from '@jest/globals';
import { type PublicLine } from '#evidence';
import { isCountable } from './countable.js';

const line: PublicLine = {
  v: 1,
  kind: 'disclosure',
  origin: 'hrss-1/adapter/0',
  exchange: '00000000-0000-4000-8000-000000000000',
  at: '2026-03-02T01:00:00.000Z',
  deadline: '2026-03-02T01:00:10.000Z',
  from: 'hrss-1',
  to: 'housing-1',
  query: 'HR-SI-01@1',
  region: '990100',
  priv: '',
  outcomes: { found: 1_000 },
  rows: 12_000,
};

test('a line as adapters write it can be counted', () => expect(isCountable(line)).toBe(true));

test.each<[string, Partial<PublicLine>]>([
  ['a NUL in a name, which no text column takes', { query: 'HR\u0000' }],
  ['a name longer than a key may be', { from: 'x'.repeat(129) }],
  ['a name in bytes that make it longer than it looks', { region: '区'.repeat(60) }],
  ['a reason with blanks', { reason: 'day quota' }],
  ['a time before there was a gateway', { at: '0001-01-01T00:00:00.000Z' }],
  ['a time that the database cannot hold', { at: '+275760-09-13T00:00:00.000Z' }],
  ['a deadline that the database cannot hold', { deadline: '-271821-04-20T00:00:00.000Z' }],
  ['more rows than there are people', { rows: Number.MAX_SAFE_INTEGER }],
  ['more subjects than there are people', { outcomes: { found: 1, none: Number.MAX_SAFE_INTEGER } }],
])('a line with %s cannot', (_, more) => expect(isCountable({ ...line, ...more })).toBe(false));
