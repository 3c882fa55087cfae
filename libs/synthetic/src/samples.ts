import { type Facts, type IdKind } from './facts.js';
import { withCheck } from './identity.js';
import { situationNamed } from './situations/index.js';
import { unitAt } from './unit.js';

/** A person that every province has at this index, whatever its seed, for demos and documents to ask about. */
export interface SamplePerson {
  index: number;
  /** What asking about them shows, in Chinese. */
  shows: string;
  idKind: IdKind;
  idNumber: string;
  name: string;
  registeredUnit: { name: string; uscc: string };
  situation: string;
  rules: readonly string[];
}

interface Sample {
  shows: string;
  situation: string;
  idKind?: IdKind;
  idNumber: string;
  name: string;
  /** Position of the unit of registration. */
  unit: number;
  adjust?: (facts: Facts) => void;
}

const SAMPLES: readonly Sample[] = [
  {
    ...{ shows: '各方一致：注册、社保、公积金、劳动备案为同一单位', situation: 'all-agree' },
    ...{ idNumber: withCheck('99010119850312001'), name: '张测试', unit: 0 },
  },
  {
    ...{ shows: '社保由事业单位缴纳，与注册单位不一致', situation: 'paid-by-institution' },
    ...{ idNumber: withCheck('99010219901125528'), name: '李样例', unit: 1 },
    adjust: (facts) => {
      for (const insurance of facts.insurances) insurance.payer = unitAt(16);
      for (const fund of facts.funds) fund.unit = unitAt(16);
    },
  },
  {
    ...{ shows: '社保由注册单位的分公司缴纳，视同一致', situation: 'paid-by-branch' },
    ...{ idNumber: withCheck('99010119650115017'), name: '王示范', unit: 0 },
  },
  {
    ...{ shows: '已注册，人社与公积金均无记录', situation: 'nowhere-insured' },
    ...{ idNumber: withCheck('99020119760229136'), name: '钱示例', unit: 0 },
  },
  {
    ...{ shows: '同一证件号码在人社有两个姓名，无法认定', situation: 'two-names-in-hrss' },
    ...{ idNumber: withCheck('99010119880808001'), name: '赵模拟', unit: 2 },
  },
  {
    ...{ shows: '注册已过有效期', situation: 'registration-lapsed' },
    ...{ idNumber: withCheck('99010219790615002'), name: '孙演练', unit: 1 },
  },
  {
    ...{ shows: '处于三年不予注册期内，仍有有效注册', situation: 'banned-yet-registered' },
    ...{ idNumber: withCheck('99010119830421003'), name: '周丙丁', unit: 2 },
  },
  {
    ...{ shows: '社保、公积金在样例市缴纳，注册在测试市', situation: 'paid-in-another-city' },
    ...{ idNumber: withCheck('99010219920918004'), name: '吴甲乙', unit: 0 },
  },
  {
    ...{ shows: '持护照的外籍人员，无社保与公积金记录', situation: 'foreigner-passport' },
    ...{ idKind: 'passport' as const, idNumber: 'ZZ0000001', name: 'SAMPLE Tester', unit: 1 },
  },
  {
    ...{
      shows: '复姓与生僻字，公积金留有15位号码，同时注册于两个单位',
      situation: 'registered-at-two-units',
    },
    ...{ idNumber: withCheck('99010119710203005'), name: '欧阳𠮷', unit: 0 },
    adjust: (facts) => {
      facts.oldFundId = true;
    },
  },
];

export const SAMPLE_COUNT = SAMPLES.length;

export const samplePersons: readonly SamplePerson[] = SAMPLES.map((sample, index) => {
  const { idKind = 'citizen-id', idNumber, name, shows, situation } = sample;
  const { name: unitName, uscc } = unitAt(sample.unit);
  const { rules } = situationNamed(situation);
  return { index, shows, idKind, idNumber, name, registeredUnit: { name: unitName, uscc }, situation, rules };
});

/** The sample at an index, with how it differs from its situation as drawn. */
export function sampleAt(index: number): (SamplePerson & Pick<Sample, 'unit' | 'adjust'>) | undefined {
  const [sample, known] = [SAMPLES[index], samplePersons[index]];
  return sample && known && { ...known, unit: sample.unit, ...(sample.adjust && { adjust: sample.adjust }) };
}
