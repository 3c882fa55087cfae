// Loaded before a process's own code (`--import`): its wall clock goes CLOCK_SKEW_MS wrong. Timers and PostgreSQL go on as they do.
const skewMs = Number(process.env.CLOCK_SKEW_MS);
if (!Number.isFinite(skewMs)) throw new Error('CLOCK_SKEW_MS is not a number');
const now = Date.now.bind(Date);
globalThis.Date = class extends Date {
  constructor(...values) {
    super(...(values.length === 0 ? [now() + skewMs] : values));
  }
  static now() {
    return now() + skewMs;
  }
};
