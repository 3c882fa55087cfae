import { type ValidateFunction } from 'ajv/dist/2020.js';
import { fileAjv } from './ajv.js';
import { type DataFiles } from './files.js';
import { isObject } from './schema.js';

/** The kinds of file under `/contracts`, each with a JSON Schema in `contracts/schema/`. */
export type Shape = 'contract' | 'agency' | 'purposes' | 'campaign' | 'regions' | 'scheme' | 'example';

/** Reads files and holds each against the schema of its kind; unknown keys are faults. */
export class ShapedFiles {
  readonly #compiled = new Map<Shape, ValidateFunction | undefined>();

  constructor(readonly files: DataFiles) {}

  /** The file's content when it has the shape; otherwise its faults are noted and it is undefined. */
  yaml<T>(path: string, shape: Shape): T | undefined {
    return this.#checked<T>(path, shape, this.files.yaml(path));
  }

  json<T>(path: string, shape: Shape): T | undefined {
    return this.#checked<T>(path, shape, this.files.json(path));
  }

  #checked<T>(path: string, shape: Shape, value: unknown): T | undefined {
    const validate = value === undefined ? undefined : this.#compile(shape);
    if (validate === undefined) return undefined;
    if (validate(value)) return value as T;
    this.files.faults.addAll(path, validate.errors);
    return undefined;
  }

  #compile(shape: Shape): ValidateFunction | undefined {
    if (!this.#compiled.has(shape)) this.#compiled.set(shape, this.#read(shape));
    return this.#compiled.get(shape);
  }

  #read(shape: Shape): ValidateFunction | undefined {
    const path = `schema/${shape}.schema.json`;
    const schema = this.files.json(path);
    if (!isObject(schema)) return undefined;
    return compileOrFault(() => fileAjv.compile(schema), path, this.files);
  }
}

/** A schema that does not compile is a fault of its file. */
export function compileOrFault<T>(compile: () => T, path: string, files: DataFiles): T | undefined {
  try {
    return compile();
  } catch (error) {
    files.faults.add(path, '', error instanceof Error ? error.message : String(error));
    return undefined;
  }
}
