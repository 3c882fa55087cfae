import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type AskedSubject } from '#exchange';
import { Problem } from '#problem';
import { documentKeys, documentKeysWithOld, SubjectIndex, type FoundRow } from './subject-index.js';

const KINDS = { 'citizen-id': '01', passport: '03' };
const asked = (...normals: string[]): AskedSubject[] =>
  normals.map((normal, position) => ({ position, idType: 'citizen-id', normal }));
const index = (...normals: string[]) => new SubjectIndex(asked(...normals), documentKeys(KINDS));
const row = (key: number, holder: string, values?: FoundRow['values']): FoundRow => ({
  key,
  holder,
  ...(values && { values }),
});

describe('the index of subjects', () => {
  test('refuses a kind of document that the source has no code for: it would read as a none', () => {
    const permit = { position: 3, idType: 'taiwan-permit', normal: '00000003' };
    const inherited = { position: 0, idType: 'toString', normal: '1' };
    for (const subject of [permit, inherited]) {
      expect(() => new SubjectIndex([subject], documentKeys(KINDS))).toThrow(Problem);
      try {
        documentKeys(KINDS)(subject);
      } catch (error) {
        const { problem, field } = Problem.from(error);
        expect({ problem, field }).toEqual({
          problem: 'bad-identifier',
          field: `/subjects/${subject.position}/idType`,
        });
      }
    }
  });

  test('makes a subject ambiguous when two hold its number, whatever is on file of them', () => {
    const found = index('A').findings([row(0, 'p1', { a: 1 }), row(0, 'p2')]);
    expect([...found]).toEqual([[0, { answer: 'ambiguous' }]]);
  });

  test('makes it ambiguous when its 15 and 18 digits are held by two', () => {
    const both = new SubjectIndex(asked('990101198503120010'), documentKeysWithOld(KINDS));
    expect(both.keys.map(({ number }) => number)).toEqual(['990101198503120010', '990101850312001']);
    expect(both.findings([row(0, '甲', {}), row(1, '乙', {})]).get(0)).toEqual({ answer: 'ambiguous' });
    expect(both.findings([row(0, '甲', { a: 1 }), row(1, '甲', { a: 2 })]).get(0)).toEqual({
      answer: 'found',
      rows: [{ a: 1 }, { a: 2 }],
    });
  });

  test('asks by 15 digits only for citizens born in the 1900s', () => {
    const keysOf = documentKeysWithOld(KINDS);
    const later = { position: 0, idType: 'citizen-id', normal: '990101200503120010' };
    const foreign = { position: 0, idType: 'passport', normal: '990101198503120010' };
    expect([later, foreign].map((subject) => keysOf(subject).length)).toEqual([1, 1]);
  });

  test('answers none for who is known without a fact, and for who is not known', () => {
    expect([
      ...index('A', 'B')
        .findings([row(0, 'p1')])
        .values(),
    ]).toEqual([{ answer: 'none' }, { answer: 'none' }]);
  });

  test('tells what is true of a subject that nobody is known by', () => {
    expect(
      index('A')
        .findings([{ key: 0, values: { clear: true } }])
        .get(0),
    ).toEqual({
      answer: 'found',
      rows: [{ clear: true }],
    });
  });

  test('names the persons that a row is about', () => {
    const person = { idType: 'passport', id: 'ZZ0000001' };
    const found = index('A').findings([{ ...row(0, 'u1', { a: 1 }), person }]);
    expect(found.get(0)).toEqual({ answer: 'found', rows: [{ a: 1 }], persons: [person] });
  });

  test('has one finding for every position, and asks for each number once', () => {
    const number = fc.constantFrom('A', 'B', 'C', 'D', '\0', '\ud800');
    fc.assert(
      fc.property(fc.array(number), fc.array(fc.nat(6)), (normals, keys) => {
        const own = index(...normals);
        const found = own.findings(keys.map((key) => row(key, `p${key}`, { key })));
        expect([...found.keys()]).toEqual(normals.map((_, position) => position));
        expect(own.keys.map(({ number: asked }) => asked)).toEqual([...new Set(normals)]);
        for (const [position, finding] of found) {
          const key = own.keys.findIndex(({ normal }) => normal === normals[position]);
          expect(finding.answer).toBe(keys.includes(key) ? 'found' : 'none');
        }
      }),
    );
  });
});
