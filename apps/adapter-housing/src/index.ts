export { startHousingAdapter } from './start-housing-adapter.js';
export { housingHandlers } from './queries/index.js';
export { HousingSource } from './housing.source.js';
