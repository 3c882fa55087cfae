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
      for (const [key, { env: variable }] of entries) {
        if (env[variable] !== undefined && env[variable] !== '') values[key] = env[variable];
      }
      if (!validate(values)) throw refusal(name, settings, validate.errors ?? []);
      return Object.freeze(values) as T;
    },
  };
}

function refusal<T>(name: string, settings: { [K in keyof T]: Setting }, errors: ErrorObject[]): Problem {
  const faults = errors.map((error) => {
    const missing = error.keyword === 'required';
    const key = missing ? String(error.params['missingProperty']) : error.instancePath.slice(1);
    const variable = settings[key as keyof T]?.env ?? key;
    return `${variable} ${missing ? 'is missing' : error.message}`;
  });
  return new Problem('config-invalid', { detail: `${name}: ${faults.join('; ')}` });
}
