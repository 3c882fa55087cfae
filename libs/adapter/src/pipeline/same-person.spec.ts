import { describe, expect, test } from '@jest/globals';
import { type Finding } from '../query-handler.js';
import { vouchFor } from '../vouched.js';
import { ofSubject } from './same-person.js';

const [ASKED, OTHER] = ['990101198503120010', '99010119650115017X'];
const subject = { position: 0, idType: 'citizen-id', normal: ASKED };
const unreadable = { answer: 'unreadable', fault: 'other-person' };
const found = (about: string | undefined, ...numbers: (string | undefined)[]): Finding => ({
  answer: 'found',
  rows: numbers.map((idNumber) => ({ state: 'open', ...(idNumber !== undefined && { idNumber }) })),
  ...(about !== undefined && { about }),
});

describe('what a handler found for a person', () => {
  test.each<[string, Finding]>([
    ['rows that do not say whom they are about', found(undefined, undefined)],
    ['a row of somebody else', found(undefined, OTHER)],
    ['a row of somebody else among the right ones', found(undefined, ASKED, OTHER)],
    ['a row that does not say it among those that do', found(undefined, ASKED, undefined)],
    ['somebody else by its own word', found(OTHER, ASKED)],
    ['the right one by its own word, and a row of somebody else', found(ASKED, OTHER)],
    ['a number that is a list', { answer: 'found', rows: [{ idNumber: [ASKED] }] }],
    ['a row that is nothing', { answer: 'found', rows: [null] } as unknown as Finding],
  ])('is not told when it is %s', (_what, finding) => {
    expect(ofSubject('person', subject, finding)).toEqual(unreadable);
  });

  test.each<[string, Finding]>([
    ['every row has the number', found(undefined, ASKED, ASKED)],
    ['the handler says so', found(ASKED, undefined, ASKED)],
    ['there is nobody', { answer: 'none' }],
    ['there are several', { answer: 'ambiguous' }],
  ])('is told when %s', (_what, finding) => {
    expect(ofSubject('person', subject, finding)).toBe(finding);
  });

  test('is told when the view of the source has compared it, unless a row says otherwise', () => {
    const [compared, wrong] = [found(undefined, undefined), found(undefined, OTHER)];
    [compared, wrong].forEach(vouchFor);
    expect(ofSubject('person', subject, compared)).toBe(compared);
    expect(ofSubject('person', subject, wrong)).toEqual(unreadable);
    expect(ofSubject('person', subject, { ...compared })).toEqual(unreadable);
  });
});

test('rows about a unit’s staff have other numbers than the unit; the handler says which unit they are of', () => {
  const unit = { position: 0, idType: 'uscc', normal: '91990101MA00DEM14A' };
  expect(ofSubject('unit', unit, found(undefined, ASKED))).toEqual(unreadable);
  expect(ofSubject('unit', unit, found('91990101MA00DEM22N', ASKED))).toEqual(unreadable);
  const own = found(unit.normal, ASKED, OTHER);
  expect(ofSubject('unit', unit, own)).toBe(own);
});
