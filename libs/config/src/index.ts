export { defineConfig, type ConfigDefinition, type Setting } from './define-config.js';
export { projectRoot } from './project-root.js';
