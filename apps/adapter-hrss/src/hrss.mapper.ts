import { coded, dateText, months, number, TODAY, type Columns, type SourceView } from '#adapter';
import * as codes from './hrss.codes.js';

export { DOCUMENT_KINDS } from './hrss.codes.js';

/** ac01 (人员). Two records with one document are two persons, whatever they are called. */
const PERSON = 'join ac01 p on p.aaa029 = asked.kind and p.aae135 = asked.number';
const holder = 'p.aac001';
const documentNo = 'p.aae135';
const identity: Columns = { personName: { sql: 'p.aac003' }, idNumber: { sql: documentNo } };

/** Dues of one person (ac43) in months that `condition` names, payer by payer. */
const dues = (condition: string): string => `
  left join lateral (
    select d.aab001, d.aae140, d.aab301, array_agg(distinct d.aae003 order by d.aae003) as due,
           count(distinct d.aae003) filter (where d.aae078 = '1') as paid, bool_and(d.aae078 = '1') as arrived
      from ac43 d
     where d.aac001 = p.aac001 and ${condition}
     group by d.aab001, d.aae140, d.aab301) d on true
  left join ab01 u on u.aab001 = d.aab001`;

/** HR-SI-01: who paid a person's social insurance in the asked months, one row per payer, insurance and region. */
export const contributions: SourceView = {
  columns: {
    ...identity,
    payerName: { sql: 'u.aab004' },
    payerUscc: { sql: 'u.bab010' },
    payerType: {
      sql: `case when d.aab001 is null then '0' when u.aab022 in ('7261', '7262', '7263') then u.aab022 else u.aab019 end`,
      read: coded(codes.PAYER_TYPES),
    },
    insuranceType: { sql: 'd.aae140', read: coded(codes.INSURANCES) },
    participationStatus: { sql: 'r.aac008', read: coded(codes.PARTICIPATION) },
    paymentStatus: { sql: 'r.aac031', read: coded(codes.PAYMENT) },
    months: { sql: 'd.due', read: months },
    monthsPaid: { sql: 'd.paid', read: number },
    arrived: { sql: 'd.arrived' },
    region: { sql: 'd.aab301' },
  },
  given: { from_month: 'int', to_month: 'int', insurances: 'text[]' },
  from: `${PERSON}
    ${dues('d.aae003 between given.from_month and given.to_month and (given.insurances is null or d.aae140 = any(given.insurances))')}
    left join lateral (
      select r.aac008, r.aac031 from ac02 r
       where r.aac001 = p.aac001 and r.aab001 is not distinct from d.aab001 and r.aae140 = d.aae140
         and r.aab301 = d.aab301
       order by r.aae030 desc limit 1) r on true`,
  number: documentNo,
  holder,
  present: 'd.aae140 is not null',
  order: 'd.aae140, d.due, u.aab004, d.aab001',
};

/** HR-SI-02: the units that paid for a person in one month; a branch with the legal person that it belongs to. */
export const payers: SourceView = {
  columns: {
    payerUscc: { sql: 'u.bab010' },
    payerLegalUscc: { sql: 'coalesce(u.frxydm, u.bab010)' },
    region: { sql: 'd.aab301' },
  },
  given: { month: 'int' },
  from: `${PERSON}
    left join lateral (
      select distinct d.aab001, d.aab301 from ac43 d where d.aac001 = p.aac001 and d.aae003 = given.month) d on true
    left join ab01 u on u.aab001 = d.aab001`,
  number: documentNo,
  holder,
  present: 'd.aab301 is not null',
  order: 'u.aab004, d.aab001, d.aab301',
};

/** HR-LR-01: labour contracts on file (ldyg_ba) that run on a day; today when none is named. */
export const labourFilings: SourceView = {
  columns: {
    ...identity,
    employerName: { sql: 'u.aab004' },
    employerUscc: { sql: 'u.bab010' },
    contractType: { sql: 'l.htlx', read: coded(codes.CONTRACT_TYPES) },
    contractStart: { sql: dateText('l.aae030') },
    contractEnd: { sql: dateText('l.aae031') },
    dispatched: { sql: 'l.pqbz', read: coded(codes.YES_NO) },
    filingDate: { sql: dateText('l.barq') },
    region: { sql: 'l.aab301' },
  },
  given: { day: 'date' },
  from: `${PERSON}
    left join ldyg_ba l on l.aac001 = p.aac001 and l.aae030 <= coalesce(given.day, ${TODAY})
      and (l.aae031 is null or l.aae031 >= coalesce(given.day, ${TODAY}))
    left join ab01 u on u.aab001 = l.aab001`,
  number: documentNo,
  holder,
  present: 'l.aac001 is not null',
  order: 'l.aae030, l.barq, l.aab001',
};

/** HR-EX-01: exams that a person entered (zyzg_ksbm), and from which unit. */
export const examEntries: SourceView = {
  columns: {
    ...identity,
    examName: { sql: 'e.ksmc' },
    examYear: { sql: 'e.ksnd' },
    unitAtRegistration: { sql: 'e.bmdw' },
    resultStatus: { sql: 'e.cjzt', read: coded(codes.EXAM_RESULTS) },
    region: { sql: 'e.aab301' },
  },
  given: { year: 'int', exam_name: 'text' },
  from: `${PERSON}
    left join zyzg_ksbm e on e.aac001 = p.aac001 and (given.year is null or e.ksnd = given.year)
      and (given.exam_name is null or e.ksmc = given.exam_name)`,
  number: documentNo,
  holder,
  present: 'e.aac001 is not null',
  order: 'e.ksnd, e.ksmc, e.bmdw',
};

/**
 * HR-AR-01: where a person's file is (ryda). Of a known person, that none is held is an answer: it is true of the whole
 * province, and so of the region asked about.
 */
export const personnelFiles: SourceView = {
  columns: {
    fileHeld: { sql: 'f.aac001 is not null' },
    holderName: { sql: 'f.cfdw' },
    depositKind: { sql: 'f.cflx', read: coded(codes.DEPOSIT_KINDS) },
    depositDate: { sql: dateText('f.cfrq') },
    region: { sql: 'coalesce(f.aab301, given.asked_region)' },
  },
  given: { asked_region: 'text' },
  from: `${PERSON} left join ryda f on f.aac001 = p.aac001`,
  number: documentNo,
  holder,
  present: 'true',
  order: 'f.cfrq, f.cfdw',
};
