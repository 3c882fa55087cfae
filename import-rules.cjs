/** Who may import whom. Each rule was planted once with a violation to see it bite (docs/architecture.md, "Rooms"). */
const lib = (names) => `^libs/(${names})/`;

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
      from: { path: '^(apps|libs)/', pathNot: ['\\.spec\\.ts$', '^libs/testing/'] },
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
    {
      name: 'masking-and-tlog-stand-alone',
      severity: 'error',
      from: { path: lib('masking|tlog|problem|identifiers'), pathNot: '\\.spec\\.ts$' },
      to: { path: '^libs/', pathNot: ['^libs/$1/', '^libs/problem/'] },
    },
    {
      name: 'typeorm-only-in-database',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '^libs/database/' },
      to: { path: 'node_modules/typeorm' },
    },
    {
      name: 'masking-and-sharing-decide-at-the-provider',
      comment: 'The provider decides: adapters reach the scheme through libs/adapter only.',
      severity: 'error',
      from: { path: '^apps/adapter-' },
      to: { path: lib('sharing|masking') },
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
