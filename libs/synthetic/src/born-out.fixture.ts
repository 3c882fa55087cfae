import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Cell } from './sources/source-table.js';
import { type Situation } from './situations/situation.js';
import { readProvince, type Entry, type Seen, type SeenProvince, type Units } from './seen.fixture.js';

/** Whether a person's rows show a situation. */
export type Shown = (seen: Seen, units: Units, everybody: Seen[]) => boolean;

const TODAY = Date.parse('2026-10-31');
/** Months on file: the last one that is paid, and the twelve before it. */
export const [FIRST, LAST] = [202_509, 202_609];

/**
 * Holds a list of situations against the rows of everybody who is labelled with one of them: all show it, and nobody
 * shows it whose data all agree, or who is labelled with another situation of the same rules.
 * @param shown by the situation's name, one for each
 */
export function bornOut(
  title: string,
  situations: readonly Situation[],
  shown: Readonly<Record<string, Shown>>,
): void {
  describe(title, () => {
    let province: SeenProvince;
    beforeAll(async () => {
      province = await readProvince();
    });
    const labelled = (names: readonly string[]) =>
      province.everybody.filter(({ label }) => names.includes(label.situation));
    const showing = (name: string, among: Seen[]) =>
      among.filter((seen) => shown[name]!(seen, province.units, province.everybody));

    test('are all held against the rows', () => {
      expect(Object.keys(shown).sort()).toEqual(situations.map(({ name }) => name).sort());
    });

    test.each(situations.map(({ name, rules }) => ({ name, rules })))(
      '$name: everybody’s rows show it, and nobody else’s',
      ({ name, rules }) => {
        const planted = labelled([name]);
        expect(planted.length).toBeGreaterThan(0);
        expect(indexes(planted.filter((seen) => !showing(name, [seen]).length))).toEqual([]);
        const siblings = situations.filter(
          (other) => other.name !== name && other.rules.join() === rules.join(),
        );
        const others = labelled([...siblings.map((other) => other.name), 'all-agree']);
        expect(name === 'all-agree' ? [] : indexes(showing(name, others))).toEqual([]);
      },
    );
  });
}

const indexes = (seen: readonly Seen[]) => seen.map(({ label }) => `${label.index} ${label.situation}`);

/** One of each, in the order of their first. */
export const each = (rows: readonly Entry[], column: string): Cell[] => [
  ...new Set(rows.map((row) => row[column] ?? null)),
];

export const only = (found: readonly Cell[], ...expected: readonly (Cell | undefined)[]): boolean =>
  found.length === expected.length && expected.every((one) => one !== undefined && found.includes(one));

export const registered = ({ registrations }: Seen): Entry[] =>
  registrations.filter((row) => row['reg_state'] === '1' && Number(row['reg_edate']) >= TODAY);

/** Credit code of the unit at which a registration is in force; undefined when there are several or none. */
export function unitOf(seen: Seen): Cell | undefined {
  const units = each(registered(seen), 'qy_tyshxydm');
  return units.length === 1 ? units[0] : undefined;
}

export const dueIn = ({ dues }: Seen, month = LAST): Entry[] =>
  dues.filter((row) => Number(row['aae003']) === month);

/** Credit codes of who pays; null: one without. */
export const payers = (seen: Seen, month = LAST): Cell[] => each(dueIn(seen, month), 'bab010');

/** Whether the registered unit, and nobody else, has paid every month on file. */
export const paidByUnit = (seen: Seen): boolean =>
  unpaid(seen).length === 0 && only(each(seen.dues, 'bab010'), unitOf(seen));

/** Months on file for which nothing was due. */
export const unpaid = (seen: Seen): number[] => {
  const due = new Set(seen.dues.map((row) => Number(row['aae003'])));
  const all = Array.from({ length: 13 }, (_, step) => FIRST + step + (step > 3 ? 88 : 0));
  return all.filter((month) => !due.has(month));
};

export const employers = ({ labour }: Seen): Cell[] =>
  each(
    labour.filter((row) => row['aae031'] === null || Date.parse(`${row['aae031']}`) > TODAY),
    'bab010',
  );

export const depositors = ({ deposits }: Seen): Cell[] =>
  each(
    deposits.filter((row) => Number(row['jcny']) === LAST),
    'tyshxydm',
  );

/** Whether all rows, of which there are some, have this in the column. */
export const all = (rows: readonly Entry[], column: string, value: Cell): boolean =>
  only(each(rows, column), value);

export const daysSince = (date: Cell | undefined): number =>
  (TODAY - (typeof date === 'number' ? date : Date.parse(`${date}`))) / 86_400_000;

/** Whether the housing department has it that `other` is this to `unit`. */
export const isKin = ({ kin }: Units, type: string, unit: Cell | undefined, other: Cell | undefined) =>
  kin.some((row) => row['gx_type'] === type && row['qy_tyshxydm'] === unit && row['gx_tyshxydm'] === other);

const cityOf = (region: Cell | undefined) => `${region}`.slice(0, 4);

/** Whether everything was paid in another city than the one that the unit of registration is in. */
export const paidElsewhere = (seen: Seen): boolean =>
  seen.dues.length > 0 &&
  seen.dues.every((row) => cityOf(row['aab301']) !== cityOf(registered(seen)[0]?.['qy_region']));

/** Years since birth, by the number of the document, on a day. */
export function ageOn(seen: Seen, date: string): number {
  const { idNumber } = seen.label;
  const birth = `${idNumber.slice(6, 10)}-${idNumber.slice(10, 12)}-${idNumber.slice(12, 14)}`;
  return (Date.parse(date) - Date.parse(birth)) / (365.25 * 86_400_000);
}
