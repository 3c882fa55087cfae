import { type ErrorObject } from 'ajv/dist/2020.js';
import { Problem } from '#problem';

/** Collects all that is wrong under `/contracts`, so that one run tells everything. */
export class Faults {
  readonly #found: string[] = [];

  /** `file` relative to the contracts folder, `path` a JSON Pointer inside it. */
  add(file: string, path: string, why: string): void {
    this.#found.push(`${file} ${path || '/'}: ${why}`);
  }

  /** Adds what Ajv says. These files are ours and hold no personal data, so names are told. */
  addAll(file: string, errors: readonly ErrorObject[] | null | undefined): void {
    for (const { instancePath, message, params } of errors ?? []) {
      this.add(file, instancePath, `${message ?? 'invalid'} ${JSON.stringify(params)}`);
    }
  }

  /** @throws Problem `registry-invalid` with every fault, one per line, sorted. */
  throwIfAny(): void {
    if (this.#found.length === 0) return;
    const faults = this.#found.toSorted();
    throw new Problem('registry-invalid', { detail: faults.join('\n'), extensions: { faults } });
  }
}
