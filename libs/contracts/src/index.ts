export * from './model.js';
export { type Contracts, loadContracts } from './load-contracts.js';
export { type JsonSchema } from './schema.js';
export { compileValidator, recordValidator, requestValidator, type Validator } from './validators.js';
export type * from './generated/index.js';
