import { beforeAll } from '@jest/globals';
import { openDatabase, type Database, type Migration } from '#database';
import {
  fundSource,
  generateProvince,
  housingSource,
  hrssSource,
  loadProvince,
  type Label,
  type ProvinceSource,
} from '#synthetic';
import { person, unit, useDatabaseUrl } from '#testing';
import { type Asked } from './adapter-room.js';

const OPTIONS = { seed: 20260301, persons: 2_000 };

/** The agencies' own systems, loaded with the synthetic province. */
export interface Systems {
  url: (system: 'housing' | 'hrss' | 'fund-990100' | 'fund-990200') => string;
  /** Everybody in the province, with what is planted in them. */
  people: readonly Label[];
}

/** Call it in a spec file: the systems are there in its hooks and tests. */
export function useSystems(): () => Systems {
  const urls = {
    housing: useDatabaseUrl(),
    hrss: useDatabaseUrl(),
    'fund-990100': useDatabaseUrl(),
    'fund-990200': useDatabaseUrl(),
  };
  const people: Label[] = [];
  beforeAll(async () => {
    const open = (url: string, migrations: readonly Migration[]): Promise<Database> =>
      openDatabase({ url, name: 'fill', migrations, pipeline: false });
    const housing = await open(urls.housing(), housingSource);
    const hrss = await open(urls.hrss(), hrssSource);
    const here = await open(urls['fund-990100'](), fundSource);
    const there = await open(urls['fund-990200'](), fundSource);
    const sources: ProvinceSource[] = [
      { vocabulary: 'housing', region: '990000', database: housing },
      { vocabulary: 'hrss', region: '990000', database: hrss },
      { vocabulary: 'fund', region: '990100', database: here },
      { vocabulary: 'fund', region: '990200', database: there },
    ];
    await loadProvince({ ...OPTIONS, sources });
    await Promise.all([housing, hrss, here, there].map((database) => database.close()));
    for await (const label of generateProvince(OPTIONS).labels()) people.push(label);
  });
  return () => ({ url: (system) => urls[system](), people });
}

export function asked({ idKind, idNumber }: Pick<Label, 'idKind' | 'idNumber'>): Asked {
  return { idType: idKind, normal: idNumber };
}

/** The sample persons, one of each situation and some more, without those whom no adapter can tell apart. */
export function known(people: readonly Label[]): Asked[] {
  const clear = people.filter(({ situation }) => situation !== 'two-names-in-hrss');
  return clear.slice(0, 200).map(asked);
}

/** Persons with valid numbers whom the province has not. */
export function strangers(people: readonly Label[]): Asked[] {
  const taken = new Set(people.map(({ idNumber }) => idNumber));
  return Array.from({ length: 1_100 }, (_, seed) => person(100 + seed))
    .filter(({ idNumber }) => !taken.has(idNumber))
    .map(({ idType, idNumber }) => ({ idType, normal: idNumber }));
}

export const knownUnits = (usccs: readonly string[]): Asked[] =>
  usccs.map((normal) => ({ idType: 'uscc', normal }));

export const strangeUnits = (): Asked[] =>
  Array.from({ length: 1_000 }, (_, seed) => ({ idType: 'uscc', normal: unit(900_000 - seed).uscc }));
