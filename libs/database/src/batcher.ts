import { captureSpan, inSharedSpan, type Caller } from '#observability';

interface Waiting<I, O> {
  item: I;
  weight: number;
  /** In whose trace the batch is seen. */
  span: Caller | undefined;
  resolve: (result: O) => void;
  reject: (error: unknown) => void;
}

/**
 * Collects what arrives while a batch is under way into the next one: alone it goes at once, under load many share a round
 * trip. One batch at a time; an error fails its own batch only.
 */
export class Batcher<I, O> {
  #waiting: Waiting<I, O>[] = [];
  #busy = false;

  /**
   * @param run results in the order of the items
   * @param most weight of a batch; a single heavier item goes alone
   * @param name of a batch in a trace
   */
  constructor(
    private readonly run: (items: readonly I[]) => Promise<readonly O[]>,
    private readonly most: number,
    private readonly name = 'batch',
  ) {}

  add(item: I, weight: number): Promise<O> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, weight, span: captureSpan(), resolve, reject });
      void this.#work();
    });
  }

  async #work(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    while (this.#waiting.length > 0) await this.#settle(this.#next());
    this.#busy = false;
  }

  async #settle(batch: readonly Waiting<I, O>[]): Promise<void> {
    try {
      const spans = batch.map(({ span }) => span);
      const results = await inSharedSpan(this.name, spans, () => this.run(batch.map(({ item }) => item)));
      if (results.length !== batch.length)
        throw new Error('a batch came back with another number of results');
      batch.forEach(({ resolve }, index) => resolve(results[index] as O));
    } catch (error) {
      batch.forEach(({ reject }) => reject(error));
    }
  }

  #next(): Waiting<I, O>[] {
    let weight = 0;
    const end = this.#waiting.findIndex((waiting) => (weight += waiting.weight) > this.most);
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : Math.max(1, end));
  }
}
