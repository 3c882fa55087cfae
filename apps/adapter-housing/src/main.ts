import { runAdapter } from '#adapter';
import { startHousingAdapter } from './start-housing-adapter.js';

await runAdapter(startHousingAdapter);
