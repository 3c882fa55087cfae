import { normalizePersonId } from '#identifiers';
import { all, bornOut, each, only, registered } from '../born-out.fixture.js';
import { type Seen } from '../seen.fixture.js';
import { identitySituations } from './identity.js';

const OPTIONS = { today: '2026-10-31', synthetic: 'accept', field: '/x' } as const;

/** Registered and employed with a document of this kind, but not insured; an account, if any, is under the same kind. */
const foreigner = (housing: string, hrss: string, fund?: string) => (seen: Seen) => {
  const { idKind, idNumber } = seen.label;
  return (
    normalizePersonId(idKind, idNumber, OPTIONS).normal === idNumber &&
    registered(seen).length > 0 &&
    all(seen.persons, 'idcard_type', housing) &&
    all(seen.people, 'aaa029', hrss) &&
    seen.dues.length + seen.relations.length === 0 &&
    only(each(seen.accounts, 'zjlx'), ...(fund === undefined ? [] : [fund]))
  );
};

bornOut('situations in which the person is in doubt', identitySituations, {
  'wrong-check-digit-in-housing': ({ label, persons, people }) =>
    persons.length === 1 && !all(persons, 'idcard', label.idNumber) && all(people, 'aae135', label.idNumber),
  'other-name-in-housing': ({ label, persons, people }) =>
    all(persons, 'idcard', label.idNumber) &&
    people.length === 1 &&
    !all(persons, 'ry_name', people[0]!['aac003']!),
  'two-names-in-hrss': ({ people }) => each(people, 'aac003').length === 2,
  'foreigner-hk-macau-permit': foreigner('516', '04'),
  'foreigner-taiwan-permit': foreigner('511', '06'),
  'foreigner-passport': foreigner('414', '08'),
  'foreigner-permanent-residence': foreigner('553', '07', '04'),
});
