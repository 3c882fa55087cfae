import { setTimeout as sleep } from 'node:timers/promises';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

interface TopicFaults {
  loseNext: number;
  loseProbability: number;
  duplicateNext: number;
  delayMs: number;
  reorderWindow: number;
  held: (() => void)[];
}

/** How long an unfilled reorder window holds its records back. */
const WINDOW_MS = 30;

/**
 * What can go wrong between a publisher's acknowledgement and the log, per topic and on command: lose, duplicate, delay,
 * reorder. The same seed gives the same accidents. Stands alone, so that a Kafka harness can put it before its producer.
 */
export class Faults {
  readonly #topics = new Map<string, TopicFaults>();
  readonly #rng;
  /** How long `subscribe` takes to find its position (a broker's slow ListOffsets). */
  subscribeMs = 0;

  constructor(seed = 1) {
    this.#rng = xoroshiro128plus(seed);
  }

  /** The next `count` records are acknowledged and lost. */
  lose(topic: string, count: number): void {
    this.#of(topic).loseNext = count;
  }

  /** Each record is lost with this probability, 0 to 1. */
  loseRandomly(topic: string, probability: number): void {
    this.#of(topic).loseProbability = probability;
  }

  /** The next `count` records arrive twice. */
  duplicate(topic: string, count: number): void {
    this.#of(topic).duplicateNext = count;
  }

  /** Every record arrives this much later. */
  delay(topic: string, ms: number): void {
    this.#of(topic).delayMs = ms;
  }

  /** Each run of `window` records arrives in another order; 0 or 1 switches it off. */
  reorder(topic: string, window: number): void {
    this.#of(topic).reorderWindow = window;
  }

  /** All faults off; records held back arrive. */
  clear(): void {
    for (const faults of this.#topics.values()) this.#flush(faults);
    this.#topics.clear();
    this.subscribeMs = 0;
  }

  /** Sends one record through the faults of its topic: `put` is called never, once or twice, now or later. */
  pass(topic: string, put: () => void): void {
    const faults = this.#topics.get(topic);
    if (!faults) return put();
    if (this.#isLost(faults)) return;
    const copies = faults.duplicateNext-- > 0 ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) this.#late(faults, put);
  }

  #of(topic: string): TopicFaults {
    const known = this.#topics.get(topic);
    if (known) return known;
    const none = {
      loseNext: 0,
      loseProbability: 0,
      duplicateNext: 0,
      delayMs: 0,
      reorderWindow: 0,
      held: [],
    };
    this.#topics.set(topic, none);
    return none;
  }

  #isLost(faults: TopicFaults): boolean {
    return faults.loseNext-- > 0 || uniformFloat64(this.#rng) < faults.loseProbability;
  }

  #late(faults: TopicFaults, put: () => void): void {
    if (faults.delayMs === 0) return this.#shuffled(faults, put);
    void sleep(faults.delayMs).then(() => this.#shuffled(faults, put));
  }

  #shuffled(faults: TopicFaults, put: () => void): void {
    if (faults.reorderWindow < 2) return put();
    faults.held.push(put);
    if (faults.held.length === 1) void sleep(WINDOW_MS).then(() => this.#flush(faults));
    if (faults.held.length >= faults.reorderWindow) this.#flush(faults);
  }

  /** A shuffle may leave the order as it was; a rotation of it never does. */
  #flush(faults: TopicFaults): void {
    const held = faults.held.splice(0);
    const by = 1 + Math.floor(uniformFloat64(this.#rng) * (held.length - 1));
    for (const put of [...held.slice(by), ...held.slice(0, by)]) put();
  }
}
