import { isProblemName, Problem, type ProblemDocument, type ProblemName } from '#problem';

/** One try at one address. */
export interface Attempt {
  gateway: string;
  /** Name of the problem that it ended with. */
  problem: string;
  /** Code of the network or TLS fault, or what else is known; no value of the request. */
  detail?: string;
}

const PREFIX = 'urn:exchange-gateway:problem:';

/**
 * A call that got no answer: refused by the gateway (its problem document, as sent), or not brought to any gateway
 * (`gateway-unreachable`, `gateway-timeout`, `gateway-answer`, of the same shape).
 */
export class GatewayError extends Error {
  readonly status: number;
  readonly code: number;
  readonly title: string;
  readonly detail: string | undefined;
  readonly field: string | undefined;
  /** Tries that went before, in order, this one included. */
  attempts: readonly Attempt[] = [];

  constructor(
    readonly document: ProblemDocument,
    options: { cause?: unknown } = {},
  ) {
    super(document.detail ? `${document.title}: ${document.detail}` : document.title, options);
    this.name = 'GatewayError';
    ({ status: this.status, code: this.code, title: this.title } = document);
    this.detail = document.detail;
    this.field = document.field;
  }

  /** An error that this side found; the document has the form that a gateway would give it. */
  static local(problem: ProblemName, detail: string, cause?: unknown): GatewayError {
    return new GatewayError(new Problem(problem, { detail }).toDocument(), { cause });
  }

  /** Name of the problem, when it is one of ours. */
  get problem(): ProblemName | undefined {
    const { type } = this.document;
    const name = type.startsWith(PREFIX) ? type.slice(PREFIX.length) : '';
    return isProblemName(name) ? name : undefined;
  }
}
