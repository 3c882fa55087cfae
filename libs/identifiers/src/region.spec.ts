import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { covers, isRegionCode, parentRegion, regionLevel } from './index.js';

describe('a region code', () => {
  test.each([
    '',
    '99',
    '9900000',
    '99000a',
    '９９００００',
    '000000',
    '190000',
    '910000',
    '990001',
    '140005',
  ])('%j is none: it has no level, no parent, covers nothing and lies in nothing', (text) => {
    expect(isRegionCode(text)).toBe(false);
    expect(regionLevel(text)).toBeUndefined();
    expect(parentRegion(text)).toBeUndefined();
    expect(covers(text, text)).toBe(false);
    expect(covers(text, '990101')).toBe(false);
    expect(covers('990000', text)).toBe(false);
  });

  test.each([
    ['990000', 'province', undefined],
    ['990100', 'city', '990000'],
    ['990101', 'county', '990100'],
    ['990102', 'county', '990100'],
    ['990200', 'city', '990000'],
    ['140000', 'province', undefined],
    ['429004', 'county', '429000'],
    ['710000', 'province', undefined],
  ])('%s is a %s below %s', (code, level, parent) => {
    expect(isRegionCode(code)).toBe(true);
    expect(regionLevel(code)).toBe(level);
    expect(parentRegion(code)).toBe(parent);
  });
});

describe('a scope', () => {
  test.each([
    ['990100', '990000'],
    ['990101', '990100'],
    ['990101', '990102'],
    ['990100', '990200'],
    ['990100', '990201'],
    ['990000', '140000'],
    ['140000', '990101'],
  ])('%s does not cover %s', (scope, region) => {
    expect(covers(scope, region)).toBe(false);
  });

  test.each([
    ['990000', '990000'],
    ['990000', '990100'],
    ['990000', '990101'],
    ['990100', '990100'],
    ['990100', '990101'],
    ['990101', '990101'],
    ['140000', '140105'],
  ])('%s covers %s', (scope, region) => {
    expect(covers(scope, region)).toBe(true);
  });

  test('covers exactly itself and what has it among its parents', () => {
    const region = fc
      .tuple(fc.constantFrom('99', '14'), fc.nat(3), fc.nat(3))
      .map(([province, city, county]) => `${province}0${city}0${county}`)
      .filter(isRegionCode);
    fc.assert(
      fc.property(region, region, (scope, code) => {
        const lineage = [code, parentRegion(code), parentRegion(parentRegion(code) ?? '')];
        expect(covers(scope, code)).toBe(lineage.includes(scope));
      }),
    );
  });
});
