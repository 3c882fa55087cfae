import { defineRule } from '../rule.js';
import { characters, HIDDEN, keepEnds } from '../text.js';
import { surnameLength } from '../surnames.js';

/**
 * A person's name: 张测试 → 张**, 欧阳测 → 欧阳*; in other scripts the first letter: Test Person → T***.
 * Nothing of a name of one character or of what does not start with a letter. Domain catalogue §5.
 */
export const name = defineRule({
  name: 'name',
  parameters: {},
  mask(value) {
    const text = characters(value);
    const start = text[0];
    if (start === undefined || text.length === 1 || !/\p{L}/u.test(start)) return HIDDEN;
    if (/\p{Script=Han}/u.test(start)) return keepEnds(text, surnameLength(text), 0);
    return `${start}***`;
  },
});
