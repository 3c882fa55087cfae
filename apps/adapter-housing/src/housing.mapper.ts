import {
  coded,
  dateText,
  dayOfMs,
  TODAY,
  type Columns,
  type ReturnedPerson,
  type SourceQuestion,
  type SourceView,
} from '#adapter';
import { CATEGORIES, BAN_STATES, KINDS_BY_CODE, STATES } from './housing.codes.js';

export { SUBJECT_KINDS } from './housing.codes.js';

const PERSON = 'ry_jbxx p on p.idcard_type = asked.kind and p.idcard = asked.number';

/** One registration is one row per specialty in ry_zcxx; here they are one again. */
const registrations = (condition: string): string => `(
  select z.ry_id, z.reg_type, z.reg_certno, z.reg_seal_code, z.reg_qyid, z.reg_qymc, z.reg_sdate, z.reg_edate,
         z.reg_state, z.reg_region, array_agg(z.reg_prof_name order by z.rn) as specialties
    from ry_zcxx z
   where ${condition} and (given.category is null or z.reg_type = given.category)
   group by z.ry_id, z.reg_type, z.reg_certno, z.reg_seal_code, z.reg_qyid, z.reg_qymc, z.reg_sdate, z.reg_edate,
            z.reg_state, z.reg_region)`;

/** The last ban (不予注册) of a person that has not run out. */
const BAN = `
  left join lateral (
    select b.punish_number, b.punish_edate from ry_bljl b
     where b.ry_id = p.ry_id and b.punish_edate >= ${TODAY}
     order by b.punish_edate desc, b.punish_number limit 1) b on true`;

const shared: Columns = {
  personName: { sql: 'p.ry_name' },
  idNumber: { sql: 'p.idcard' },
  category: { sql: 'z.reg_type', read: coded(CATEGORIES) },
  certNo: { sql: 'z.reg_certno' },
  status: {
    sql: `case when z.reg_state = '1' and ${dayOfMs('z.reg_edate')} < ${TODAY} then 'past' else z.reg_state end`,
    read: coded(STATES),
  },
  validTo: { sql: dateText(dayOfMs('z.reg_edate')) },
  region: { sql: 'z.reg_region' },
};

/** HC-RP-01: a person's registrations. The unit is called as the registration has it, which a new name may not have reached. */
export const personRegistrations: SourceView = {
  columns: {
    ...shared,
    sealNo: { sql: 'z.reg_seal_code' },
    unitName: { sql: 'z.reg_qymc' },
    unitUscc: { sql: 'q.qy_tyshxydm' },
    specialties: { sql: 'z.specialties' },
    validFrom: { sql: dateText(dayOfMs('z.reg_sdate')) },
    banUntil: { sql: dateText('b.punish_edate') },
  },
  given: { category: 'text' },
  from: `join ${PERSON}
    left join lateral ${registrations('z.ry_id = p.ry_id')} z on true
    left join qy_jbxx q on q.reg_qyid = z.reg_qyid
    ${BAN}`,
  number: 'p.idcard',
  holder: 'p.ry_id',
  present: 'z.reg_certno is not null',
  order: 'z.reg_sdate, z.reg_certno, z.reg_qyid',
};

/** HC-RP-02: who is registered at a unit, a page at a time. */
export const unitRegistrations: SourceView = {
  columns: shared,
  given: { category: 'text', first: 'int', last: 'int' },
  from: `join qy_jbxx q on q.qy_tyshxydm = asked.number
    left join lateral (
      select s.* from (
        select r.*, row_number() over (order by r.ry_id, r.reg_sdate, r.reg_certno) as place
          from ${registrations('z.reg_qyid = q.reg_qyid')} r) s
       where s.place between given.first and given.last) z on true
    left join ry_jbxx p on p.ry_id = z.ry_id`,
  number: 'q.qy_tyshxydm',
  holder: 'q.reg_qyid',
  present: 'z.ry_id is not null',
  order: 'q.reg_qyid, z.place',
  person: { kind: 'p.idcard_type', number: 'p.idcard', read: returnedPerson },
};

/** HC-RP-03: whether a person is banned from registering. Whoever has no ban is clear, known here or not. */
export const bans: SourceView = {
  columns: {
    banState: { sql: '(b.punish_edate is not null)::text', read: coded(BAN_STATES) },
    banUntil: { sql: dateText('b.punish_edate') },
    decisionNo: { sql: 'b.punish_number' },
  },
  from: `left join ${PERSON} ${BAN}`,
  number: 'p.idcard',
  holder: 'p.ry_id',
  present: 'true',
  order: 'p.ry_id',
};

/** The asked category as the platform's code; one that the platform has no code for is asked for as it is, and matches nothing. */
export function categoryParam({ params: { category } }: SourceQuestion): string | undefined {
  const known = Object.entries(CATEGORIES).find(([, name]) => name === category);
  return known?.[0] ?? (category as string | undefined);
}

const kindOf = coded(KINDS_BY_CODE);

function returnedPerson(kind: string, number: string): ReturnedPerson {
  return { idType: kindOf(kind)!, id: number };
}
