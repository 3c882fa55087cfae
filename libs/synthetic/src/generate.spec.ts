import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { citizenIdCheckDigit, ID_TYPES, normalizePersonId, parseUscc } from '#identifiers';
import { CENTRES, generateProvince, type GeneratedTable, samplePersons } from './index.js';
import { province } from './province.js';
import { SITUATIONS } from './situations/index.js';

async function digest(tables: readonly GeneratedTable[]): Promise<string> {
  const hash = createHash('sha256');
  for (const table of tables) for await (const row of table.rows()) hash.update(`${JSON.stringify(row)}\n`);
  return hash.digest('hex');
}

const everyTable = (seed: number, persons: number) => {
  const { housing, hrss, fund } = generateProvince({ seed, persons });
  return [...housing, ...hrss, ...CENTRES.flatMap((centre) => fund[centre])];
};

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('a generated province', () => {
  test('refuses options that it cannot keep', () => {
    for (const options of [
      { seed: -1, persons: 100 },
      { seed: 1.5, persons: 100 },
      { seed: 2 ** 31, persons: 100 },
      { seed: 1, persons: 9 },
      { seed: 1, persons: 6_000_001 },
      { seed: 1, persons: 100, today: '2026-02-30' },
    ]) {
      expect(() => generateProvince(options)).toThrow(RangeError);
    }
  });

  test('has the same bytes for the same seed, and others for another', async () => {
    const [once, again, other] = await Promise.all([
      digest(everyTable(7, 300)),
      digest(everyTable(7, 300)),
      digest(everyTable(8, 300)),
    ]);
    expect(again).toBe(once);
    expect(other).not.toBe(once);
  });

  test('a person is the same whether the province is read from the start or from the middle', () => {
    const [first, second] = [province({ seed: 3, persons: 4_000 }), province({ seed: 3, persons: 4_000 })];
    for (let index = 0; index < 3_000; index += 1) first.factsAt(index);
    expect(second.factsAt(2_999)).toEqual(first.factsAt(2_999));
  });

  test('gives everybody a number of their own with region prefix 99 and a right check digit', () => {
    const whole = province({ seed: 99, persons: 40_000 });
    const numbers = new Set<string>();
    for (let index = 0; index < whole.persons; index += 1) {
      const { idKind, idNumber } = whole.factsAt(index);
      numbers.add(idNumber);
      if (idKind !== 'citizen-id') continue;
      expect(`${idNumber.slice(0, 2)}${idNumber.slice(17)}`).toBe(
        `99${citizenIdCheckDigit(idNumber.slice(0, 17))}`,
      );
    }
    expect(numbers.size).toBe(whole.persons);
  });

  test('gives everybody a number that may be asked about, whatever their document', () => {
    const whole = province({ seed: 4, persons: 4_000 });
    const options = { today: '2026-10-31', synthetic: 'accept', field: '/x' } as const;
    const kinds = new Set<string>();
    for (let index = 0; index < whole.persons; index += 1) {
      const { idKind, idNumber } = whole.factsAt(index);
      expect(normalizePersonId(idKind, idNumber, options).normal).toBe(idNumber);
      kinds.add(idKind);
    }
    expect([...kinds].sort()).toEqual([...ID_TYPES].sort());
  });

  test('gives every unit a credit code that is right and its own', async () => {
    const [units] = generateProvince({ seed: 1, persons: 20_000 }).housing;
    const codes = (await collect(units?.rows() ?? fail())).map((row) => String(row[2]));
    expect(new Set(codes).size).toBe(codes.length);
    for (const code of codes) {
      expect(parseUscc(code, { synthetic: 'accept' })).toEqual({ normal: code, original: code, notices: [] });
    }
  });

  test('knows rare characters, compound surnames, Latin names, foreigners and 15-digit numbers', () => {
    const whole = province({ seed: 5, persons: 3_000 });
    const all = Array.from({ length: whole.persons }, (_, index) => whole.factsAt(index));
    const some = (condition: (facts: (typeof all)[number]) => boolean) => all.filter(condition).length > 3;
    expect(some(({ name }) => name.startsWith('𠮷'))).toBe(true);
    expect(some(({ name }) => name.startsWith('欧阳'))).toBe(true);
    expect(some(({ name }) => /^[A-Z]+ [A-Z][a-z]+$/.test(name))).toBe(true);
    expect(some(({ idKind }) => idKind === 'hk-macau-permit')).toBe(true);
    expect(some(({ idKind }) => idKind === 'taiwan-permit')).toBe(true);
    expect(some(({ oldFundId, funds }) => oldFundId && funds.length > 0)).toBe(true);
  });

  test('plants every situation once in its first persons and in proportion after them', async () => {
    const labels = await collect(generateProvince({ seed: 11, persons: 20_000 }).labels());
    const planted = labels.slice(samplePersons.length, samplePersons.length + SITUATIONS.length);
    expect(planted.map(({ situation }) => situation)).toEqual(SITUATIONS.map(({ name }) => name));
    const counts = new Map<string, number>();
    for (const { situation } of labels) counts.set(situation, (counts.get(situation) ?? 0) + 1);
    for (const { name, permille } of SITUATIONS.filter((situation) => situation.name !== 'all-agree')) {
      expect(Math.abs((counts.get(name) ?? 0) - permille * 20)).toBeLessThan(
        20 + 5 * Math.sqrt(permille * 20),
      );
    }
    expect(counts.get('all-agree')).toBeGreaterThan(4_000);
  });

  test('covers every rule of the decision table that data can show', async () => {
    const labels = await collect(generateProvince({ seed: 1, persons: 100 }).labels());
    const rules = new Set(labels.flatMap(({ rules }) => rules));
    const notInData = ['R19']; // an officer cites a document
    const all = Array.from({ length: 38 }, (_, rule) => `R${String(rule + 1).padStart(2, '0')}`);
    expect([...rules].sort()).toEqual(all.filter((rule) => !notInData.includes(rule)));
  });

  test('has the same ten sample persons whatever its seed and size', () => {
    const [small, large] = [
      province({ seed: 1, persons: 10 }),
      province({ seed: 2_000_000_000, persons: 900_000 }),
    ];
    for (const { index, idNumber, name, registeredUnit } of samplePersons) {
      const facts = small.factsAt(index);
      expect(large.factsAt(index)).toEqual(facts);
      expect(facts).toMatchObject({ idNumber, name });
      expect(facts.registrations[0]?.unit).toMatchObject(registeredUnit);
    }
    expect(samplePersons.map(({ idNumber, name }) => `${idNumber} ${name}`)).toEqual([
      '990101198503120010 张测试',
      '990102199011255286 李样例',
      '99010119650115017X 王示范',
      '990201197602291369 钱示例',
      expect.stringContaining('赵模拟'),
      expect.stringContaining('孙演练'),
      expect.stringContaining('周丙丁'),
      expect.stringContaining('吴甲乙'),
      'ZZ0000001 SAMPLE Tester',
      expect.stringContaining('欧阳𠮷'),
    ]);
  });

  test('is read in flat memory', async () => {
    const { hrss } = generateProvince({ seed: 1, persons: 6_000_000 });
    const dues = hrss.find(({ name }) => name === 'ac43') ?? fail();
    const rows = dues.rows()[Symbol.asyncIterator]();
    const read = async (count: number) => {
      for (let row = 0; row < count; row += 1) await rows.next();
      return process.memoryUsage().arrayBuffers + (await settledHeap());
    };
    const early = await read(20_000);
    const late = await read(200_000);
    expect(late - early).toBeLessThan(8 * 1_024 * 1_024);
  });
});

/** The heap once nothing more is collected. */
async function settledHeap(): Promise<number> {
  const { setFlagsFromString } = await import('node:v8');
  const { runInNewContext } = await import('node:vm');
  setFlagsFromString('--expose_gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

function fail(): never {
  throw new Error('a table is missing');
}
