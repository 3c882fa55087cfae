import { type MaskRule } from '../rule.js';
import { account } from './account.js';
import { address } from './address.js';
import { certificate } from './certificate.js';
import { date } from './date.js';
import { hide } from './hide.js';
import { keep } from './keep.js';
import { name } from './name.js';
import { phone } from './phone.js';
import { unit } from './unit.js';

/** Every mask that a scheme may name: one file and one line each. */
export const RULES: readonly MaskRule[] = [
  keep,
  name,
  phone,
  address,
  unit,
  account,
  certificate,
  date,
  hide,
];
