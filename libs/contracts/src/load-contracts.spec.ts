import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Problem } from '#problem';
import { EditedCopy } from './testing/edited-copy.js';
import { loadContracts } from './index.js';

test('loading tells everything that is wrong at once', () => {
  const copy = new EditedCopy();
  copy.edit('agencies/fund-990100.yaml', "'990100'", "'990300'");
  copy.edit('sharing/fund/housing-990100.yaml', 'max: 20', 'max: 21');
  expect(copy.faults()).toEqual([
    'agencies/fund-990100.yaml /region: is not in regions.yaml',
    'sharing/fund/housing-990100.yaml /grants/0/rows/max: the contract allows 20',
  ]);
  copy.remove();
});

describe('what is loaded', () => {
  const contracts = loadContracts();

  test('holds the queries of the catalogue, each answered by an agency of its owner’s class', () => {
    expect([...contracts.contracts.keys()].toSorted()).toEqual(
      [
        'HC-RP-01',
        'HC-RP-02',
        'HC-RP-03',
        'HR-AR-01',
        'HR-EX-01',
        'HR-LR-01',
        'HR-SI-01',
        'HR-SI-02',
        'PF-01',
        'PF-02',
      ].map((code) => `${code}@1`),
    );
    const provided = [...contracts.agencies.values()].flatMap(({ provides }) => provides);
    expect([...new Set(provided)].toSorted()).toEqual(
      [...contracts.contracts.values()].map(({ code }) => code).toSorted(),
    );
  });

  test('is found by code or by code and version, and refused by its own names', () => {
    expect(contracts.find('PF-01')).toBe(contracts.find('PF-01@1'));
    expect(() => contracts.find('PF-09')).toThrow(new Problem('unknown-query'));
    expect(() => contracts.find('PF-01@2')).toThrow(new Problem('unknown-version'));
  });

  test('gives a fund centre the schemes of its class', () => {
    const centre = contracts.agencies.get('fund-990200');
    expect(centre && contracts.schemesOf(centre).map(({ scheme }) => scheme)).toEqual([
      'fund.housing-990000',
      'fund.housing-990100',
    ]);
  });

  test('describes every field and parameter on the page for officials', () => {
    for (const { code, fields, claims } of contracts.contracts.values()) {
      const page = readFileSync(join(contracts.root, 'queries', code, 'README.md'), 'utf8');
      const missing = [...fields.map(({ name }) => name), ...Object.keys(claims)].filter(
        (name) => !page.includes(`\`${name}\``),
      );
      expect({ code, missing }).toEqual({ code, missing: [] });
    }
  });

  test('never lets a sensitive field out in plain', () => {
    const plain = [...contracts.contracts.values()].flatMap(({ id, fields }) =>
      fields
        .filter(({ classification, modes }) => classification === 'sensitive' && modes.includes('plain'))
        .map(({ name }) => `${id} ${name}`),
    );
    expect(plain).toEqual([]);
  });
});

test('a second version is a folder beside the first and is what the bare code means', () => {
  const copy = new EditedCopy();
  cpSync(join(copy.root, 'queries/PF-01'), join(copy.root, 'queries/PF-01-v2'), { recursive: true });
  copy.edit('queries/PF-01-v2/contract.yaml', 'version: 1', 'version: 2');
  const contracts = copy.load();
  expect(contracts.find('PF-01').id).toBe('PF-01@2');
  expect(contracts.find('PF-01@1').version).toBe(1);
  copy.remove();
});
