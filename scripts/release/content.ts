/** What must be in the package and what must not, by the paths that `npm pack` lists. Pure. */

/** One file of each kind that the program reads at run time. `test/package` starts the packed program. */
const REQUIRED = [
  '.github/ISSUE_TEMPLATE/signalbox.yml',
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'bin/signalbox.js',
  'dist/bin/main.js',
  'dist/src/config/start-policy.yml',
  'dist/workflow-bundle.js',
  'docs/policy.md',
  'docs/schema/policy.schema.json',
  'package.json',
];

const ALLOWED =
  /^(?:bin|dist|docs)\/|^[A-Z]+(?:\.md)?$|^package\.json$|^\.github\/ISSUE_TEMPLATE\/signalbox\.yml$/;

/** Private files and files made by tools or tests: never in the package, in any folder. */
const FORBIDDEN =
  /(?:^|\/)(?:node_modules|test|coverage|\.signalbox|\.git)\/|\.test\.[jt]s$|\.tsbuildinfo$|\.(?:log|tgz|pem|key)$|(?:^|\/)\.(?:env|npmrc|stamp)/;

/** The demo's project has its own tests. */
const SAMPLE_PROJECT = 'dist/simulator/project/files/';

export function contentProblems(paths: readonly string[]): readonly string[] {
  const missing = REQUIRED.filter(path => !paths.includes(path)).map(path => `${path} is missing`);
  const surplus = paths
    .filter(path => !path.startsWith(SAMPLE_PROJECT))
    .filter(path => !ALLOWED.test(path) || FORBIDDEN.test(path))
    .map(path => `${path} does not belong in it`);
  return [...missing, ...surplus];
}
