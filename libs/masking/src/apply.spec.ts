import { describe, expect, test } from '@jest/globals';
import {
  applyMask,
  compileMask,
  MaskError,
  maskNames,
  maskRule,
  visibleCandidates,
  type MaskSpec,
} from './index.js';

const faultOf = (act: () => unknown) => {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof MaskError)) throw error;
    return { fault: error.fault, mask: error.mask, parameters: error.parameters };
  }
};

describe('a mask is refused', () => {
  test.each(['', 'keep_first_last', 'Keep', 'toString', '__proto__'])('by an unknown name: %j', (mask) => {
    const expected = { fault: 'unknown-mask', mask, parameters: [] };
    expect(faultOf(() => compileMask({ mask }))).toEqual(expected);
    expect(faultOf(() => applyMask('990101198503120010', { mask }))).toEqual(expected);
    expect(faultOf(() => maskRule(mask))).toEqual(expected);
    expect(faultOf(() => visibleCandidates(mask, {}, 'citizen-id'))).toEqual(expected);
  });

  test.each<[MaskSpec, string[]]>([
    [{ mask: 'keep', first: -1 }, ['first']],
    [{ mask: 'keep', first: 18 }, ['first']],
    [{ mask: 'keep', first: '1', last: 1.5 }, ['first', 'last']],
    [{ mask: 'keep', first: null }, ['first']],
    [{ mask: 'keep', frist: 1 }, ['frist']],
    [{ mask: 'name', first: 1 }, ['first']],
    [{ mask: 'account', last: 5 }, ['last']],
    [{ mask: 'address', level: 'house' }, ['level']],
    [{ mask: 'date', to: 'day' }, ['to']],
    [{ mask: 'hide', length: 0 }, ['length']],
  ])('with the names of its wrong parameters: %j', (spec, parameters) => {
    expect(faultOf(() => compileMask(spec))).toEqual({
      fault: 'bad-parameters',
      mask: spec.mask,
      parameters,
    });
    const { mask: _, ...params } = spec;
    expect(faultOf(() => maskRule(spec.mask).with(params))).toMatchObject({
      fault: 'bad-parameters',
    });
  });

  test.each([undefined, null, 990101, ['张测试'], { toString: () => '张测试' }])(
    'for what is no text: %p',
    (value) => {
      expect(faultOf(() => applyMask(value, { mask: 'name' }))).toEqual({
        fault: 'not-text',
        mask: 'name',
        parameters: [],
      });
    },
  );
});

describe('a mask', () => {
  test('is applied as a scheme writes it, its release mode included', () => {
    expect(applyMask('990101198503120010', { release: 'mask', mask: 'keep', first: 1, last: 1 })).toBe(
      '9****************0',
    );
  });

  test('is one of these', () => {
    expect(maskNames).toEqual([
      'keep',
      'name',
      'phone',
      'address',
      'unit',
      'account',
      'certificate',
      'date',
      'hide',
    ]);
  });

  test('says what parameters it takes', () => {
    expect(maskRule('keep').parameters).toEqual({
      first: 'integer 0..17, default 1',
      last: 'integer 0..17, default 1',
    });
    expect(maskRule('address').parameters).toEqual({ level: 'city | district | street, default city' });
  });
});
