import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { type Bundle, type Scheme } from './model.js';
import { bundleSchema, schemeSchema } from './scheme.schema.js';

/** Something wrong at one place of a document; `fault` is Chinese and never repeats the value. */
export interface Flaw {
  /** JSON Pointer. */
  path: string;
  fault: string;
}

const ajv = new Ajv2020({ allErrors: true, discriminator: true, strict: true, allowUnionTypes: true });
const schemeShape = ajv.compile<Scheme>(schemeSchema);
const bundleShape = ajv.compile<Bundle>(bundleSchema);

/** What keeps a document from being a scheme; empty when it is one in shape. */
export function schemeFlaws(document: unknown): Flaw[] {
  return flawsBy(schemeShape, document);
}

/** What keeps a document from being a bundle; empty when it is one in shape. */
export function bundleFlaws(document: unknown): Flaw[] {
  return flawsBy(bundleShape, document);
}

function flawsBy(shape: ValidateFunction, document: unknown): Flaw[] {
  return shape(document) ? [] : (shape.errors ?? []).map(flawOf);
}

const FAULTS: Readonly<Record<string, string>> = {
  required: '缺少必填项',
  additionalProperties: '未知的键',
  type: '类型不符',
  pattern: '格式不符',
  const: '取值不在允许范围',
  discriminator: '没有这种放出方式',
  minimum: '数值过小',
  maximum: '数值过大',
  minLength: '不得为空',
  maxLength: '文字过长',
  minItems: '至少要有一项',
  maxItems: '项数过多',
  minProperties: '至少要有一项',
  maxProperties: '项数过多',
  uniqueItems: '有重复项',
};

function flawOf(error: ErrorObject): Flaw {
  return { path: pathOf(error), fault: FAULTS[error.keyword] ?? `不合规（${error.keyword}）` };
}

/** Ajv names the object; people look for the key. */
function pathOf({ instancePath, params }: ErrorObject): string {
  const key: unknown = params['additionalProperty'] ?? params['missingProperty'];
  return typeof key === 'string' ? `${instancePath}/${pointerToken(key)}` : instancePath;
}

/** RFC 6901 §3. */
export function pointerToken(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
