import { ADDRESS_LEVELS, administrativePrefix } from '../administrative-prefix.js';
import { oneOf } from '../parameters.js';
import { defineRule } from '../rule.js';
import { fold, HIDDEN } from '../text.js';

/**
 * An address down to its city (default), district or street: 测试省测试市甲区样例街道1号 → 测试省测试市***.
 * Where that level is not found a coarser one is shown, and nothing where none is.
 */
export const address = defineRule({
  name: 'address',
  parameters: { level: oneOf(ADDRESS_LEVELS, 'city') },
  mask: (value, { level }) => administrativePrefix(fold(value).replace(/\s/g, ''), level) + HIDDEN,
});
