export { startSampleAdapter } from './start-sample-adapter.js';
export { sampleHandlers } from './queries/index.js';
export { SampleSource } from './sample.source.js';
