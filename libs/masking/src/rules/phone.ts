import { defineRule } from '../rule.js';
import { fold, HIDDEN } from '../text.js';

const SEPARATORS = /[\s\-–—()./·]/g;
const COUNTRY = /^(?:\+|00)?86(?=1\d{10}$|0\d{9,11}$)/;
const MOBILE = /^(1\d{2})(\d{4})(\d{4})$/;
/** 10 and 2x are the area codes of three digits. */
const LANDLINE = /^(010|02\d|0[3-9]\d{2})(\d{3,4})(\d{4})$/;
const LOCAL = /^()([2-9]\d{2,3})(\d{4})$/;

/**
 * A phone number: mobile 3 + 4 (10000000001 → 100****0001), landline its area code + last 4
 * (0990-0000001 → 0990-***0001). Nothing of what is too short or no such number; an extension makes it none.
 */
export const phone = defineRule({
  name: 'phone',
  parameters: {},
  mask(value) {
    const digits = fold(value).replace(SEPARATORS, '').replace(COUNTRY, '');
    const mobile = MOBILE.exec(digits);
    if (mobile) return `${mobile[1]}****${mobile[3]}`;
    const landline = LANDLINE.exec(digits) ?? LOCAL.exec(digits);
    if (!landline) return HIDDEN;
    const [, area, hidden = '', end] = landline;
    return `${area ? `${area}-` : ''}${'*'.repeat(hidden.length)}${end}`;
  },
});
