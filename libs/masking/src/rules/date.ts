import { oneOf } from '../parameters.js';
import { defineRule } from '../rule.js';
import { fold, HIDDEN } from '../text.js';

const YEAR = '((?:18|19|20|21)\\d{2})';
const MONTH = '(0?[1-9]|1[0-2])';
const DAY = '(?:0?[1-9]|[12]\\d|3[01])';
const TIME = '(?:[T ].*)?';
const FORMS = [
  new RegExp(`^${YEAR}年?$`),
  new RegExp(`^${YEAR}(0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])?$`),
  new RegExp(`^${YEAR}([-/.])${MONTH}(?:\\2${DAY}${TIME})?$`),
  new RegExp(`^${YEAR}年${MONTH}月(?:${DAY}日)?$`),
];

/**
 * A date made coarser: its year (default) or its month. 2024-03-12 → 2024 or 2024-03, also from 20240312, 202403,
 * 2024/3/12 and 2024年3月12日. What is no coarser date already stays as it is; what is no date is hidden.
 */
export const date = defineRule({
  name: 'date',
  parameters: { to: oneOf(['year', 'month'], 'year') },
  mask(value, { to }) {
    const parts = FORMS.map((form) => form.exec(fold(value))).find((found) => found !== null);
    if (!parts) return HIDDEN;
    const [, year] = parts;
    const month = parts.length > 2 ? parts.at(-1) : undefined;
    return to === 'month' && month ? `${year}-${month.padStart(2, '0')}` : year!;
  },
});
