export { readCommandLine, SIGNAL_EXITS } from './command-line.js';
export { defineConfig, type ConfigDefinition, type Setting } from './define-config.js';
export { projectRoot } from './project-root.js';
