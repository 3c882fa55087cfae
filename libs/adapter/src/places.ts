/** A number of places, given in the order in which they were asked for. */
export class Places {
  private readonly waiting = new Set<(taken: boolean) => void>();

  constructor(private free: number) {}

  /** Resolves to whether a place was had before the signal aborted. Whoever has one gives it back. */
  async take(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return false;
    if (this.free > 0) {
      this.free -= 1;
      return true;
    }
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const giveUp = (): void => {
      this.waiting.delete(resolve);
      resolve(false);
    };
    this.waiting.add(resolve);
    signal.addEventListener('abort', giveUp, { once: true });
    const taken = await promise;
    signal.removeEventListener('abort', giveUp);
    return taken;
  }

  give(): void {
    const [next] = this.waiting;
    if (!next) this.free += 1;
    else {
      this.waiting.delete(next);
      next(true);
    }
  }

  /** Nobody waits any longer. */
  dismiss(): void {
    for (const resolve of this.waiting) resolve(false);
    this.waiting.clear();
  }
}
