/** The arrows of ARCHITECTURE.md ("Folders and who may import whom"), enforced. */
/** @param {string} name @param {string} from @param {string[]} allowed */
const only = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { path: '^(src|simulator|demo|bin|test)/', pathNot: [from, ...allowed] },
});
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    only('domain-imports-nothing-else', '^src/domain/', []),
    only('contracts-know-only-the-domain', '^src/contracts/', ['^src/domain/']),
    only('workflows-know-contracts-and-domain', '^src/workflows/', ['^src/domain/', '^src/contracts/']),
    only('host-knows-nothing-else', '^src/host/', []),
    only('edges-know-contracts-and-domain', '^src/(github|git|box|model-gateway|agents|artifacts|config)/', [
      '^src/(domain|contracts|host|github|git|box|model-gateway|agents|artifacts|config)/',
    ]),
    only('activities-use-ports', '^src/activities/', [
      '^src/(domain|contracts|config|host|github|git|box|model-gateway|agents|artifacts)/',
    ]),
    only('gateway-only-tells', '^src/gateway/', ['^src/(domain|contracts|client)/']),
    only('client-never-reaches-activities', '^src/client/', [
      '^src/(domain|contracts|config|artifacts|host|github|local|client)/',
    ]),
    only('production-never-knows-the-stage', '^src/', ['^src/']),
    only('simulator-knows-no-production-code', '^simulator/', []),
    {
      name: 'workflows-reach-no-edge',
      severity: 'error',
      from: { path: '^src/workflows/' },
      to: {
        path: '^src/(activities|github|git|box|model-gateway|gateway|agents|artifacts|workers|client|host|local|config)/|octokit|node_modules/zod',
        reachable: true,
      },
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
