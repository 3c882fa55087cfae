import { type QueryRequest, type Subject } from '#contracts';
import { samplePersons } from '#synthetic';

/** A question as one agency's officer would ask it. */
export interface DemoQuestion {
  /** What it is about, in Chinese. */
  title: string;
  requester: string;
  query: string;
  request: Omit<QueryRequest, 'requestId'>;
}

const CAMPAIGN = { code: 'licence-screening', campaign: 'TC-2026-01' };
const MONTHS = { from: '2026-04', to: '2026-09' };

const people = (...indexes: number[]): Subject[] => indexes.map((index) => person(index));

function person(index: number, claims?: Record<string, string>): Subject {
  const { idKind, idNumber } = samplePersons[index]!;
  return { idType: idKind, idNumber, ...(claims && { claims }) };
}

/** The registered employer goes along as a claim: only the provider compares, and says no more than 一致 or 不一致. */
const claimed = (index: number): Subject =>
  person(index, { uscc: samplePersons[index]!.registeredUnit.uscc });

/** What the three kinds of agency ask each other in daily work. */
export const questions: readonly DemoQuestion[] = [
  {
    title: '住建局：这些注册人员的社保由谁缴纳？',
    requester: 'housing-990100',
    query: 'HR-SI-01',
    request: {
      operatorId: 'officer-0117',
      purpose: CAMPAIGN,
      region: '990100',
      subjects: people(0, 1, 3),
      params: { months: MONTHS },
    },
  },
  {
    title: '住建局：缴费单位与注册单位一致吗？（只核验，不取数）',
    requester: 'housing-990100',
    query: 'HR-SI-02',
    request: {
      operatorId: 'officer-0117',
      purpose: CAMPAIGN,
      region: '990100',
      subjects: [claimed(0), claimed(1), claimed(2)],
      params: { month: '2026-09' },
    },
  },
  {
    title: '住建局：本市公积金由哪个单位缴存？',
    requester: 'housing-990100',
    query: 'PF-01',
    request: {
      operatorId: 'officer-0117',
      purpose: CAMPAIGN,
      region: '990100',
      subjects: people(1),
      params: { months: MONTHS },
    },
  },
  {
    title: '住建厅：全省各公积金中心有无此人缴存？（一问多答）',
    requester: 'housing-990000',
    query: 'PF-01',
    request: {
      operatorId: 'officer-0003',
      purpose: CAMPAIGN,
      region: '990000',
      subjects: people(7),
      params: { months: MONTHS },
    },
  },
  {
    title: '人社厅：此人注册在哪个单位？',
    requester: 'hrss-990000',
    query: 'HC-RP-01',
    request: {
      operatorId: 'officer-0042',
      purpose: CAMPAIGN,
      region: '990000',
      subjects: people(9),
    },
  },
  {
    title: '公积金中心：核对缴存职工的注册信息',
    requester: 'fund-990100',
    query: 'HC-RP-01',
    request: {
      operatorId: 'officer-0206',
      purpose: { code: 'fund-service', case: '990100-2026-000123' },
      region: '990100',
      subjects: people(0),
    },
  },
  {
    title: '住建局：此人是否处于不予注册期？',
    requester: 'housing-990100',
    query: 'HC-RP-03',
    request: {
      operatorId: 'officer-0117',
      purpose: { code: 'registration-handling', case: '990100-2026-000124' },
      region: '990100',
      subjects: people(6),
    },
  },
];

/** What must not be answered, and is not: each is recorded with its code all the same. */
export const refusedQuestions: readonly DemoQuestion[] = [
  {
    title: '授权已到期：考试报名单位',
    requester: 'housing-990100',
    query: 'HR-EX-01',
    request: { operatorId: 'officer-0117', purpose: CAMPAIGN, region: '990100', subjects: people(0) },
  },
  {
    title: '越区查询：测试市住建局查样例市的公积金',
    requester: 'housing-990100',
    query: 'PF-01',
    request: {
      operatorId: 'officer-0117',
      purpose: CAMPAIGN,
      region: '990200',
      subjects: people(7),
      params: { months: MONTHS },
    },
  },
  {
    title: '未授权字段：公积金缴存基数',
    requester: 'housing-990100',
    query: 'PF-01',
    request: {
      operatorId: 'officer-0117',
      purpose: CAMPAIGN,
      region: '990100',
      subjects: people(0),
      fields: ['unitName', 'contributionBase'],
      params: { months: MONTHS },
    },
  },
  {
    title: '证件号码校验位错误',
    requester: 'housing-990100',
    query: 'HR-SI-01',
    request: {
      operatorId: 'officer-0117',
      purpose: CAMPAIGN,
      region: '990100',
      subjects: [{ idType: 'citizen-id', idNumber: '990101198503120011' }],
      params: { months: MONTHS },
    },
  },
];
