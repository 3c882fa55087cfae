import { administrativePrefix } from '../administrative-prefix.js';
import { defineRule } from '../rule.js';
import { fold, HIDDEN } from '../text.js';

/** Endings that say what kind of unit it is; longer before shorter. */
const KINDS =
  '股份有限公司 有限责任公司 有限公司 分公司 公司 集团 合伙企业 合作社 事务所 设计院 研究院 研究所 学院 大学 学校 医院 中心 ' +
  '委员会 管理局 基金会 协会 学会 局 厅 厂 店';
const KIND = new RegExp(`(?:${KINDS.split(' ').join('|')})$`);

/**
 * A unit's name as region + *** + kind: 测试市样例建设有限公司 → 测试市***有限公司 (after GB/T 40217).
 * The region is given up where nothing else would be hidden, and then the kind.
 */
export const unit = defineRule({
  name: 'unit',
  parameters: {},
  mask(value) {
    const text = fold(value).replace(/\s/g, '');
    const region = administrativePrefix(text, 'city');
    const kind = KIND.exec(text)?.[0] ?? '';
    if (region.length + kind.length < text.length) return region + HIDDEN + kind;
    return kind.length < text.length ? HIDDEN + kind : HIDDEN;
  },
});
