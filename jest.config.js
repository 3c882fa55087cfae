// Pact's native core would report its use to an analytics service.
process.env.PACT_DO_NOT_TRACK ??= 'true';

/** Whole provinces of processes, processes killed under load, and what is timed: they get the machine for themselves. */
const alone = [
  '/test/(apart|crash|faults|soak)/',
  '/test/conformance/transport-kafka',
  '/test/e2e/(timing|hostile-http|docs)(?=\\.)',
];

const common = {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.cache'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};

export default {
  maxWorkers: 2,
  workerIdleMemoryLimit: '512MB',
  coverageProvider: 'v8',
  testTimeout: 60_000,
  projects: [
    {
      ...common,
      displayName: 'unit',
      roots: ['<rootDir>/libs', '<rootDir>/apps'],
      testRegex: '\\.spec\\.ts$',
    },
    {
      ...common,
      displayName: 'system',
      roots: ['<rootDir>/test'],
      testRegex: '\\.spec\\.ts$',
      testPathIgnorePatterns: alone,
    },
    {
      ...common,
      displayName: 'alone',
      roots: ['<rootDir>/test'],
      testRegex: alone.map((place) => `${place}.*\\.spec\\.ts$`),
      runner: '<rootDir>/test/support/alone.mjs',
    },
  ],
};
