export type MaskFault = 'unknown-mask' | 'bad-parameters' | 'not-text';

/** A value that cannot be masked as asked. Callers fail closed: the value does not leave. Never holds the value. */
export class MaskError extends Error {
  constructor(
    readonly fault: MaskFault,
    /** Name of the mask, as asked for. */
    readonly mask: string,
    /** Names of the unknown or wrong parameters. */
    readonly parameters: readonly string[] = [],
  ) {
    super([fault, mask, ...parameters].join(' '));
    this.name = 'MaskError';
  }
}
