/** Times of one log never go back: a clock that jumps repeats the last time until it has caught up. */
export class LogClock {
  constructor(
    private readonly now: () => number,
    private last = 0,
  ) {}

  /** UTC with milliseconds and `Z`. */
  next(): string {
    this.last = Math.max(this.last, this.now());
    return new Date(this.last).toISOString();
  }
}
