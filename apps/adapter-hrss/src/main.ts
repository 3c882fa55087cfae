import { runAdapter } from '#adapter';
import { startHrssAdapter } from './start-hrss-adapter.js';

await runAdapter(startHrssAdapter);
