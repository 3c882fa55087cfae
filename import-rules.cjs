/** Who may import whom. test/docs/import-rules.spec.ts plants a violation of each to see it bite (docs/architecture.md, "Rooms"). */
const lib = (names) => `^libs/(${names})/`;

/** What runs in a process; a spec, and a fixture that only specs use, may also import what it needs to set its scene. */
const ONLY_TESTS = '\\.(spec|fixture)\\.ts$';

/** The table of docs/architecture.md, "Rooms": each library, and the libraries that it may import. One that is not here fails. */
const MAY = {
  problem: [],
  random: [],
  identifiers: ['problem'],
  masking: [],
  tlog: ['problem'],
  contracts: ['identifiers', 'problem'],
  sharing: ['contracts', 'identifiers', 'masking', 'problem', 'tlog'],
  quota: ['database', 'observability', 'problem'],
  registry: ['contracts', 'problem', 'tlog'],
  identity: ['database', 'problem', 'registry'],
  evidence: ['database', 'observability', 'problem', 'random', 'registry', 'tlog'],
  envelope: ['evidence', 'messaging', 'problem', 'random', 'registry', 'tlog'],
  messaging: ['problem', 'random'],
  exchange: ['contracts', 'evidence', 'identifiers'],
  // prettier-ignore
  node: [
    'contracts', 'database', 'envelope', 'evidence', 'messaging', 'observability', 'problem', 'quota', 'random',
    'registry', 'sharing', 'tlog',
  ],
  // prettier-ignore
  adapter: [
    'contracts', 'database', 'envelope', 'evidence', 'exchange', 'http', 'identifiers', 'messaging', 'node', 'observability', 'problem',
    'process', 'quota', 'sharing',
  ],
  process: ['config', 'contracts', 'http', 'messaging', 'node', 'observability', 'problem'],
  client: ['contracts', 'evidence', 'exchange', 'identity', 'problem', 'registry', 'tlog'],
  http: ['observability', 'problem'],
  database: ['observability', 'problem'],
  config: ['problem'],
  'local-kafka': ['config', 'messaging', 'problem'],
  observability: ['problem'],
  synthetic: ['database', 'identifiers'],
  testing: ['database', 'identifiers'],
};

/** Of these libraries only types: nothing of them is in the process because of this import. */
const ONLY_TYPES = {
  sharing: ['contracts'],
  registry: ['contracts'],
  exchange: ['contracts', 'evidence'],
  client: ['contracts'],
  envelope: ['messaging'],
};

/** What may be imported from one place of a library beyond its row, and why. */
const EXCEPT = {
  contracts: { path: '^libs/contracts/src/generate/', libs: ['messaging'] }, // AsyncAPI's channels are the transport's topics
};

const walls = Object.entries(MAY).map(([name, libs]) => ({
  name: `${name}-imports-only`,
  comment: `libs/${name} may import: ${libs.join(', ') || 'no other library'}.`,
  severity: 'error',
  from: { path: lib(name), pathNot: [ONLY_TESTS, ...(EXCEPT[name] ? [EXCEPT[name].path] : [])] },
  to: { path: '^libs/', pathNot: lib([name, ...libs].join('|')) },
}));

const exceptions = Object.entries(EXCEPT).map(([name, { path, libs }]) => ({
  name: `${name}-imports-only-there`,
  comment: `${path} may import, beyond the rest of libs/${name}: ${libs.join(', ')}.`,
  severity: 'error',
  from: { path, pathNot: ONLY_TESTS },
  to: { path: '^libs/', pathNot: lib([name, ...MAY[name], ...libs].join('|')) },
}));

const typesOnly = Object.entries(ONLY_TYPES).map(([name, libs]) => ({
  name: `${name}-imports-only-types`,
  comment: `libs/${name} may import only types of: ${libs.join(', ')}.`,
  severity: 'error',
  from: { path: lib(name), pathNot: ONLY_TESTS },
  to: { path: lib(libs.join('|')), dependencyTypesNot: ['type-only'] },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'apps-never-import-apps',
      comment:
        'Apps meet on the transport or over HTTP. The demo, which runs the whole province, is the exception.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/', pathNot: '^apps/demo/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    { name: 'libs-never-import-apps', severity: 'error', from: { path: '^libs/' }, to: { path: '^apps/' } },
    {
      name: 'lib-door-only',
      comment: 'A library is entered through its index.ts.',
      severity: 'error',
      from: { path: '^(libs|apps)/([^/]+)/' },
      to: { path: '^libs/([^/]+)/', pathNot: ['^libs/[^/]+/src/index\\.ts$', '^$1/$2/'] },
    },
    {
      name: 'testing-only-from-specs',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: [ONLY_TESTS, '^libs/testing/'] },
      to: { path: '^libs/testing/' },
    },
    {
      name: 'plain-libs-are-plain',
      comment: 'Rules that an auditor reads: no framework, no file system, no network, no database.',
      severity: 'error',
      from: { path: lib('problem|identifiers|masking|sharing|tlog'), pathNot: '\\.spec\\.ts$' },
      to: { path: 'node_modules', pathNot: 'node_modules/(canonicalize|ajv)' },
    },
    {
      name: 'plain-libs-no-io',
      severity: 'error',
      from: { path: lib('problem|identifiers|masking|sharing|tlog'), pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    ...walls,
    ...exceptions,
    ...typesOnly,
    {
      name: 'every-lib-has-a-row',
      comment: 'A new library gets its row in MAY and in docs/architecture.md.',
      severity: 'error',
      from: { path: '^(apps|libs)/' },
      to: { path: '^libs/', pathNot: lib(Object.keys(MAY).join('|')) },
    },
    {
      name: 'typeorm-only-in-database',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '^libs/database/' },
      to: { path: 'node_modules/typeorm' },
    },
    {
      name: 'kafkajs-behind-the-port',
      comment: 'Who exchanges messages knows a Broker, not Kafka.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: [ONLY_TESTS, '^libs/(messaging/src/kafka|local-kafka)/'] },
      to: { path: 'node_modules/kafkajs' },
    },
    {
      name: 'only-demo-and-tests-bring-a-broker',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: [ONLY_TESTS, '^apps/(demo|kafka)/', '^libs/local-kafka/'] },
      to: { path: '^libs/local-kafka/' },
    },
    {
      name: 'adapters-import-only-adapter',
      comment:
        'The provider decides: an agency’s adapter reaches scheme, masks and log through libs/adapter only.',
      severity: 'error',
      from: { path: '^apps/adapter-', pathNot: ONLY_TESTS },
      to: { path: '^libs/', pathNot: lib('adapter') },
    },
    {
      name: 'tests-stay-in-test',
      comment: 'What runs never imports test/; the specs of an adapter run the conformance suite.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: ONLY_TESTS },
      to: { path: '^test/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['/dist/', '^dist/', '\\.cache/'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js'],
    },
  },
};
