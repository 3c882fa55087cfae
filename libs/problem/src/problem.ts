import { PROBLEMS, type ProblemName } from './codes.js';

/** RFC 9457 problem document with the catalogue's number as extension member `code`. */
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  code: number;
  /** What exactly, for a developer. Never holds a value that came from the request. */
  detail?: string;
  /** JSON Pointer or header name of the offending input. */
  field?: string;
  [extension: string]: unknown;
}

export interface ProblemOptions {
  detail?: string;
  field?: string;
  /** Kept for the process's own log, never sent. */
  cause?: unknown;
  /** Further members of the document (ids and counts only). */
  extensions?: Record<string, unknown>;
}

/** The one error that crosses a boundary: HTTP, Kafka and CLI all render it from its name. */
export class Problem extends Error {
  readonly code: number;
  readonly status: number;
  readonly field: string | undefined;
  readonly detail: string | undefined;
  readonly extensions: Record<string, unknown>;

  constructor(
    readonly problem: ProblemName,
    options: ProblemOptions = {},
  ) {
    super(options.detail ? `${problem}: ${options.detail}` : problem, { cause: options.cause });
    this.name = 'Problem';
    this.code = PROBLEMS[problem].code;
    this.status = PROBLEMS[problem].status;
    this.field = options.field;
    this.detail = options.detail;
    this.extensions = options.extensions ?? {};
  }

  toDocument(): ProblemDocument {
    const { status, code, title } = PROBLEMS[this.problem];
    return {
      type: `urn:exchange-gateway:problem:${this.problem}`,
      title,
      status,
      code,
      ...(this.detail !== undefined && { detail: this.detail }),
      ...(this.field !== undefined && { field: this.field }),
      ...this.extensions,
    };
  }

  /** Anything thrown becomes a Problem; what is not one of ours is `internal`, with the original kept as cause. */
  static from(error: unknown): Problem {
    return error instanceof Problem ? error : new Problem('internal', { cause: error });
  }
}

/** Whether a text received from another process names a problem of ours. */
export function isProblemName(name: string): name is ProblemName {
  return Object.hasOwn(PROBLEMS, name);
}
