import { runAdapter } from '#adapter';
import { startFundAdapter } from './start-fund-adapter.js';

await runAdapter(startFundAdapter);
