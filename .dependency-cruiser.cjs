/** The arrows of ARCHITECTURE.md ("Folders and who may import whom"), enforced. */
/** @param {string} name @param {string} from @param {string[]} allowed */
const only = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { path: '^(src|simulator|demo|bin|test)/', pathNot: [from, ...allowed] },
});
/** Every folder of src/box but those that all kinds share. */
const kindOfBox = '^src/box/(?!(?:egress|inside|layers|seccomp)/)([^/]+)/';
module.exports = {
  forbidden: [
    // Imports of types count too.
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    only('domain-imports-nothing-else', '^src/domain/', []),
    only('contracts-know-only-the-domain', '^src/contracts/', ['^src/domain/']),
    only('workflows-know-contracts-and-domain', '^src/workflows/', ['^src/domain/', '^src/contracts/']),
    only('host-knows-nothing-else', '^src/host/', []),
    only(
      'edges-know-contracts-and-domain',
      '^src/(github|git|box|model-gateway|agents|artifacts|config|notify)/',
      ['^src/(domain|contracts|host|github|git|box|model-gateway|agents|artifacts|config|notify)/'],
    ),
    only('telemetry-knows-only-the-host', '^src/telemetry/', ['^src/host/']),
    only('activities-use-ports', '^src/activities/', [
      '^src/(domain|contracts|config|host|github|git|box|model-gateway|agents|artifacts|notify)/',
    ]),
    only('gateway-only-tells', '^src/gateway/', ['^src/(domain|contracts|host|client|telemetry)/']),
    only('source-relay-only-reads', '^src/source-relay/', ['^src/(domain|host|github|config)/']),
    only('client-never-reaches-activities', '^src/client/', [
      '^src/(domain|contracts|config|artifacts|host|github|local|source-relay|client)/',
    ]),
    only('production-never-knows-the-stage', '^src/', ['^src/']),
    only('simulator-knows-no-production-code', '^simulator/', []),
    {
      name: 'workflows-reach-no-edge',
      severity: 'error',
      from: { path: '^src/workflows/' },
      to: {
        path: '^src/(activities|github|git|box|model-gateway|gateway|agents|artifacts|workers|client|host|local|source-relay|config|telemetry|notify)/|octokit|node_modules/(zod|markdown-it)',
        reachable: true,
      },
    },
    {
      name: 'activities-know-temporal-in-named-files',
      severity: 'error',
      from: {
        path: '^src/activities/',
        pathNot: '^src/activities/(effect|failures|runner/with-heartbeat|runner/run-name)[.]ts$',
      },
      to: { path: '@temporalio/' },
    },
    {
      name: 'by-hand-reaches-no-activity-of-temporal',
      severity: 'error',
      from: { path: '^src/workers/by-hand' },
      to: { path: '@temporalio/activity', reachable: true },
    },
    {
      name: 'kinds-of-box-know-no-other',
      severity: 'error',
      from: { path: kindOfBox },
      to: { path: kindOfBox, pathNot: '^src/box/$1/' },
    },
    {
      name: 'only-the-list-knows-kinds-of-box',
      severity: 'error',
      from: { path: '^(src|demo|bin)/', pathNot: [kindOfBox, '^src/box/kinds\\.ts$'] },
      to: { path: kindOfBox },
    },
    {
      name: 'octokit-only-in-github',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/github/' },
      to: { path: 'node_modules/@octokit/(rest|auth-app)' },
    },
    {
      name: 'not-to-dev-dependency',
      severity: 'error',
      from: { path: '^(src|demo|simulator|bin)/' },
      to: { dependencyTypes: ['npm-dev'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
