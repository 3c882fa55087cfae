export { startFundAdapter } from './start-fund-adapter.js';
export { fundHandlers } from './queries/index.js';
export { FundSource } from './fund.source.js';
