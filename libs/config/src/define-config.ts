import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject } from 'ajv';
import { Problem } from '#problem';

type Environment = Readonly<Record<string, string | undefined>>;

/** One setting: the environment variable it comes from and the JSON Schema of its value (`default` makes it optional). */
export interface Setting {
  env: string;
  schema: {
    type: 'string' | 'integer' | 'number' | 'boolean';
    default?: unknown;
    [keyword: string]: unknown;
  };
}

export interface ConfigDefinition<T> {
  name: string;
  load(env?: Environment): T;
}

/**
 * A named set of settings. `load` reads the environment once and either returns every value, typed and frozen, or throws
 * one Problem that lists every variable that is missing or malformed: a process fails at its start, not on its first call.
 * Values are never echoed: one of them may be a password.
 */
export function defineConfig<T>(name: string, settings: { [K in keyof T]: Setting }): ConfigDefinition<T> {
  const entries = Object.entries<Setting>(settings);
  const ajv = new Ajv({ coerceTypes: true, useDefaults: true, allErrors: true });
  const validate = ajv.compile({
    type: 'object',
    properties: Object.fromEntries(entries.map(([key, { schema }]) => [key, schema])),
    required: entries.filter(([, { schema }]) => schema.default === undefined).map(([key]) => key),
  });
  return {
    name,
    load(env = process.env) {
      const values: Record<string, unknown> = {};
      const faults: string[] = [];
      for (const [key, { env: variable }] of entries) {
        const { value, fault } = readVariable(variable, env);
        if (fault !== undefined) faults.push(fault);
        else if (value !== undefined) values[key] = value;
      }
      if (faults.length === 0 && !validate(values)) faults.push(...faultsOf(settings, validate.errors ?? []));
      if (faults.length > 0) throw new Problem('config-invalid', { detail: `${name}: ${faults.join('; ')}` });
      return Object.freeze(values) as T;
    },
  };
}

/**
 * A value that is secret or has many lines may stand in the file that `<NAME>_FILE` names, as containers and systemd mount
 * them. Whoever names a file means its value: one that is not there, or empty, is never taken for a setting left out.
 */
function readVariable(variable: string, env: Environment): { value?: string; fault?: string } {
  const value = env[variable] || undefined;
  const file = env[`${variable}_FILE`];
  if (file === undefined) return value === undefined ? {} : { value };
  if (value !== undefined) return { fault: `${variable} and ${variable}_FILE are both set` };
  if (file === '') return { fault: `${variable}_FILE names no file` };
  try {
    const text = readFileSync(file, 'utf8').replace(/\n$/, '');
    return text.trim() === '' ? { fault: `the file that ${variable}_FILE names is empty` } : { value: text };
  } catch {
    return { fault: `the file that ${variable}_FILE names cannot be read` };
  }
}

function faultsOf<T>(settings: { [K in keyof T]: Setting }, errors: readonly ErrorObject[]): string[] {
  return errors.map((error) => {
    const missing = error.keyword === 'required';
    const key = missing ? String(error.params['missingProperty']) : error.instancePath.slice(1);
    const variable = settings[key as keyof T]?.env ?? key;
    return `${variable} ${missing ? 'is missing' : error.message}`;
  });
}
