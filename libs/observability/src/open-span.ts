import { context, SpanStatusCode, type Context, type Span } from '@opentelemetry/api';
import { Problem } from '#problem';
import { admitToSpan, type SpanFields } from './span-fields.js';

/** A span that has begun. Ended once; what comes later is dropped. */
export class OpenSpan {
  private ended = false;

  constructor(
    private readonly span: Span,
    private readonly inside: Context,
  ) {}

  /** Calls something in this span: spans that it starts are this one's children. */
  run<T>(work: () => T): T {
    return context.with(this.inside, work);
  }

  /** Does work in this span and ends it, whether the work is a promise or not. */
  whole<T>(work: () => T): T {
    let result: T;
    try {
      result = this.run(work);
    } catch (error) {
      this.fail(error);
      throw error;
    }
    if (!isThenable(result)) this.end();
    else
      result.then(
        () => this.end(),
        (error: unknown) => this.fail(error),
      );
    return result;
  }

  /** Another name, once it is known what is asked for. */
  rename(name: string, fields: SpanFields): void {
    this.span.updateName(name);
    this.span.setAttributes(admitToSpan(fields));
  }

  end(fields: SpanFields = {}): void {
    if (this.ended) return;
    this.ended = true;
    this.span.setAttributes(admitToSpan(fields));
    this.span.end();
  }

  /** Ends it with the name of what went wrong. Nothing else of an error is kept: its message may quote data. */
  fail(error: unknown, fields: SpanFields = {}): void {
    if (this.ended) return;
    const { problem, code } = Problem.from(error);
    this.span.setStatus({ code: SpanStatusCode.ERROR, message: problem });
    this.end({ problem, code, ...fields });
  }
}

/** Not `instanceof Promise`: Node's own promises are of another realm inside Jest. */
function isThenable(
  value: unknown,
): value is { then(done: () => void, failed: (error: unknown) => void): void } {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}
