import { registered } from '../base.js';
import { Place } from '../unit.js';
import { insureElsewhere } from './elsewhere.js';
import { type Situation } from './situation.js';

const STATES = ['cancelled', 'lapsed', 'revoked'] as const;

/** R02–R05, R36, R38 and persons who are not registered at all: what the housing side itself shows. */
export const registrationSituations: readonly Situation[] = [
  ...STATES.map((state): Situation => ({
    name: `registration-${state}`,
    rules: ['R02'],
    permille: 8,
    plant(facts, { today }) {
      for (const registration of facts.registrations) {
        registration.state = state;
        if (state === 'lapsed') Object.assign(registration, { since: today - 1_200, until: today - 100 });
      }
    },
  })),
  {
    name: 'deceased',
    rules: ['R03'],
    permille: 5,
    plant(facts, { today, lastPaid }) {
      facts.died = today - 150;
      for (const insurance of facts.insurances) {
        insurance.state = 'ended';
        insurance.months = insurance.months.filter((month) => month <= lastPaid - 5);
      }
      facts.funds = [];
    },
  },
  {
    name: 'legally-incapable',
    rules: ['R03'],
    permille: 3,
    plant(facts) {
      facts.incapable = true;
    },
  },
  {
    name: 'banned-yet-registered',
    rules: ['R04'],
    permille: 6,
    plant(facts, { today, draw }) {
      const from = today - draw.int(100, 900);
      facts.ban = { from, until: from + 1_096 };
    },
  },
  {
    name: 'registered-at-two-units',
    rules: ['R05'],
    permille: 10,
    plant(facts, stage) {
      facts.registrations.push(registered(stage, stage.ordinary(), 'SE'));
    },
  },
  {
    name: 'listed-by-the-ministry-yet-matching',
    rules: ['R36'],
    permille: 8,
    plant(facts) {
      facts.listed = true;
    },
  },
  {
    name: 'paid-elsewhere-long-ago',
    rules: ['R38'],
    permille: 6,
    plant(facts, stage) {
      for (const registration of facts.registrations) {
        registration.since = stage.today - 1_060;
        registration.until = stage.today + 36;
      }
      const other = stage.ordinary();
      const [now] = facts.insurances;
      insureElsewhere(facts, stage, other, { from: stage.lastPaid - 31, to: stage.lastPaid - 26 });
      if (now) facts.insurances.push(now);
    },
  },
  {
    name: 'not-registered',
    rules: [],
    permille: 100,
    plant(facts) {
      facts.registrations = [];
    },
  },
  {
    name: 'crowded-unit',
    rules: ['R31', 'R37'],
    permille: 15,
    registeredAt: Place.crowded,
    plant(facts, stage) {
      insureElsewhere(facts, stage, stage.ordinary());
      facts.funds = [];
      facts.labour = [];
    },
  },
];
