import { describe, expect, test } from '@jest/globals';
import { type AdapterRoom, ask, type Asked, findings, type Query } from './adapter-room.js';

const MOST = 1_000;
/** Asked one by one, and in every other way. */
const SOME = 25;

/** Numbers that are text to a source, never part of its language. */
const ODD = [
  `'; drop table x; --`,
  `' or '1' = '1`,
  '%',
  '____',
  '\\',
  '$1',
  'null',
  '',
  ' ',
  '\0',
  'ZZ\u00000000001',
  '\ud800',
  '𠮷𠮷𠮷',
  '\u202e1234',
  '９９０１０１１９８５０３１２００１０',
  'a'.repeat(100_000),
];

/** Many subjects at once, and odd ones. */
export function batchCases(room: () => AdapterRoom): void {
  describe('asked about many', () => {
    test('has a finding for every position of a thousand, and none for whom it does not know', async () => {
      for (const query of room().queries) {
        const { known, unknown } = query.subjects;
        const asked = [...unknown.slice(0, MOST - SOME), ...known.slice(0, SOME)];
        expect(asked).toHaveLength(MOST);
        const all = (await findings(ask(query, asked))) as { answer: string }[];
        expect(all).toHaveLength(MOST);
        expect(all.slice(0, -SOME).filter(({ answer }) => answer !== query.ofUnknown)).toEqual([]);
        expect(all.slice(-SOME)).toEqual(await findings(ask(query, known.slice(0, SOME))));
      }
    });

    test('says of each what it says when asked about that one alone', async () => {
      for (const query of room().queries) {
        const asked = mixed(query);
        const alone = await Promise.all(asked.map((subject) => findings(ask(query, [subject]))));
        expect(await findings(ask(query, asked))).toEqual(alone.flat());
      }
    });

    test('says the same in any order, and of whoever is asked about twice', async () => {
      for (const query of room().queries) {
        const asked = mixed(query);
        const all = await findings(ask(query, asked));
        expect(await findings(ask(query, asked.toReversed()))).toEqual(all.toReversed());
        expect(await findings(ask(query, [...asked, ...asked]))).toEqual([...all, ...all]);
      }
    });

    test('answers nobody with nothing', async () => {
      for (const query of room().queries) expect(await findings(ask(query, []))).toEqual([]);
    });

    test('takes SQL, wildcards, NUL and broken Unicode in a number for a number', async () => {
      for (const query of room().queries) {
        const [first] = query.subjects.known as [Asked];
        const odd = ODD.map((normal) => ({ ...first, normal }));
        const all = (await findings(ask(query, [first, ...odd]))) as { answer: string }[];
        expect(all.slice(1).map(({ answer }) => answer)).toEqual(odd.map(() => query.ofUnknown));
        expect(all.slice(0, 1)).toEqual(await findings(ask(query, [first])));
      }
    });
  });
}

/** Known, unknown and ambiguous ones, one by turns. */
function mixed({ subjects: { known, unknown, ambiguous } }: Query): Asked[] {
  return known
    .slice(0, SOME)
    .flatMap((subject, index) => [subject, unknown[index]!, ...ambiguous.slice(index, index + 1)]);
}
