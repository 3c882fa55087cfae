export { runProcess, type Outfit, type Running } from './run-process.js';
export { listOf } from './settings.js';
