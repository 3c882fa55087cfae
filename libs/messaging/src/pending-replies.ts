import { Problem } from '#problem';
import { type Fate, type Question } from './question.js';

/**
 * Ended questions remembered, to tell a duplicate from a stranger. Figures depend on it, and what is handed to `onLate`: a copy
 * of an answer that was given is not, unless its question was forgotten; then its exchange is known to have its answer.
 */
const REMEMBERED = 10_000;

/** Questions in flight by correlation id, and the latest that ended. */
export class PendingReplies {
  readonly #open = new Map<string, Question>();
  readonly #ended = new Map<string, Fate>();
  #waiting: (() => void)[] = [];

  constructor(private readonly limit: number) {}

  get size(): number {
    return this.#open.size;
  }

  /** Error: `overloaded` when the limit is reached. */
  add(question: Question): void {
    if (this.#open.size >= this.limit) throw new Problem('overloaded');
    this.#open.set(question.id, question);
  }

  get(id: string): Question | undefined {
    return this.#open.get(id);
  }

  all(): Question[] {
    return [...this.#open.values()];
  }

  /** The question waits no more; `fate` is what another reply to it will be. Again for the same id: nothing. */
  end(id: string, fate: Fate): void {
    const question = this.#open.get(id);
    if (!question) return;
    this.#open.delete(id);
    question.stop();
    this.#remember(id, fate);
    if (this.#open.size === 0) for (const resolve of this.#waiting.splice(0)) resolve();
  }

  fateOf(id: string): Fate {
    return this.#ended.get(id) ?? 'unknown';
  }

  /** Resolves when nothing is in flight. */
  async empty(): Promise<void> {
    if (this.#open.size > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #remember(id: string, fate: Fate): void {
    this.#ended.set(id, fate);
    const [oldest] = this.#ended.keys();
    if (this.#ended.size > REMEMBERED && oldest) this.#ended.delete(oldest);
  }
}
