import { matching, type Stage } from './base.js';
import { dayOf, monthOf } from './calendar.js';
import { type Draw, drawFor } from './draw.js';
import { type Facts, type Label } from './facts.js';
import { chineseName, citizenId, permanentResidence } from './identity.js';
import { SAMPLE_COUNT, sampleAt } from './samples.js';
import { type Situation, SITUATIONS, situationAt, situationNamed } from './situations/index.js';
import { BLOCK, Place, unitAt } from './unit.js';

export interface ProvinceOptions {
  /** Any integer from 0 below 2³¹. */
  seed: number;
  /** How many persons, the ten samples included; at least 10, at most 6 million. */
  persons: number;
  /** The day on which the province is looked at, `YYYY-MM-DD`. */
  today?: string;
}

/** Fixed, so that the same seed gives the same bytes next year. */
export const DEFAULT_TODAY = '2026-10-31';
const PERSONS_PER_BLOCK = 800;
/** One crowded unit in so many blocks. */
const CROWDED_BLOCKS = 10;

/** A province that is not stored anywhere: every person and unit is computed from its position. */
export interface Province {
  persons: number;
  /** Units without branches, a whole number of blocks. */
  units: number;
  today: number;
  /** @param index 0 … persons-1; 0 … 9 are `samplePersons` */
  factsAt(index: number): Facts;
  labelAt(index: number): Label;
}

/** @throws RangeError when an option is out of range */
export function province({ seed, persons, today = DEFAULT_TODAY }: ProvinceOptions): Province {
  requireRange('seed', seed, 0, 2 ** 31 - 1);
  requireRange('persons', persons, SAMPLE_COUNT, 6_000_000);
  const blocks = Math.max(2, Math.ceil(persons / PERSONS_PER_BLOCK));
  const day = dayOf(today);
  return {
    persons,
    units: blocks * BLOCK,
    today: day,
    factsAt: (index) => factsAt(seed, index, blocks, day),
    labelAt: (index) => labelOf(factsAt(seed, index, blocks, day), situationOf(drawFor(seed, index), index)),
  };
}

function factsAt(seed: number, index: number, blocks: number, today: number): Facts {
  const sample = sampleAt(index);
  const draw = drawFor(sample ? 0 : seed, index); // the same in every province
  const situation = situationOf(draw, index);
  const stage = stageOf(draw, sample ? 2 : blocks, today);
  const unit = sample ? unitAt(sample.unit) : registeredUnit(situation, stage, blocks);
  const facts = matching(index, sample ?? personOf(seed, index, draw, situation), unit, stage);
  situation.plant(facts, stage);
  if (sample) facts.name = sample.name;
  sample?.adjust?.(facts);
  return facts;
}

/** After the samples comes one of each situation, so that a province of a hundred has them all; then chance decides. */
function situationOf(draw: Draw, index: number): Situation {
  const sample = sampleAt(index);
  if (sample) return situationNamed(sample.situation);
  return SITUATIONS[index - SAMPLE_COUNT] ?? situationAt(draw.int(1, 1_000));
}

function labelOf({ index, idKind, idNumber }: Facts, { name, rules }: Situation): Label {
  return { index, idKind, idNumber, situation: name, rules };
}

function stageOf(draw: Draw, blocks: number, today: number): Stage {
  const at = (place: number) => unitAt(draw.int(0, blocks - 1) * BLOCK + place);
  const thisMonth = monthOf(today);
  return {
    draw,
    today,
    thisMonth,
    lastPaid: thisMonth - 1,
    at,
    ordinary: () => at(draw.int(Place.firstOrdinary, Place.lastOrdinary)),
  };
}

function registeredUnit({ registeredAt }: Situation, { draw, at }: Stage, blocks: number) {
  if (registeredAt !== Place.crowded) return at(registeredAt ?? draw.int(1, 2));
  const crowded = draw.int(0, Math.floor((blocks - 2) / CROWDED_BLOCKS));
  return unitAt((blocks - 1 - crowded * CROWDED_BLOCKS) * BLOCK + Place.crowded); // never the samples' first block
}

function personOf(seed: number, index: number, draw: Draw, { idKind, born = 'working-age' }: Situation) {
  const name = chineseName(draw);
  if (idKind === undefined)
    return { idKind: 'citizen-id' as const, idNumber: citizenId(seed, index, draw, born), name };
  if (idKind === 'permanent-residence')
    return { idKind, idNumber: permanentResidence(seed, index, draw), name };
  return { idKind, idNumber: documentNumber(idKind, index), name };
}

const PREFIXES = { 'hk-macau-permit': ['H', 8], 'taiwan-permit': ['', 8], passport: ['ZZ', 7] } as const;

/** Numbers of the forms that domain.md §3.2 gives, from a range that the index makes unique. */
function documentNumber(idKind: keyof typeof PREFIXES, index: number): string {
  const [prefix, digits] = PREFIXES[idKind];
  return `${prefix}${String(index).padStart(digits, '0')}`;
}

function requireRange(name: string, value: number, low: number, high: number): void {
  if (!Number.isSafeInteger(value) || value < low || value > high) {
    throw new RangeError(`${name}: an integer from ${low} to ${high} is needed`);
  }
}
