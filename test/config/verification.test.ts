/** The section `verification`: how one test file runs alone, and which files count as read by the commands. */
import { expect, test } from '@jest/globals';
import { parsePolicyFile, problemText } from '../../src/config/policy-file.ts';
import { defaultCommandInputs } from '../../src/git/command-inputs.ts';
import { protectedPathMatcher } from '../../src/git/protected-paths.ts';

const read = (section: string) => parsePolicyFile(`version: 1\nverification: ${section}\n`);
const problems = (section: string): string => {
  const reading = read(section);
  return 'problems' in reading ? reading.problems.map(problemText).join('\n') : '';
};
const valuesOf = (section: string) => {
  const reading = read(section);
  return 'policy' in reading ? reading.policy.verification : undefined;
};

test('a command for one file needs a place for it, and a command for many files', () => {
  expect(problems("{ testCommand: go test, testFileCommand: 'go test ./{folder}' }")).toBe('');
  expect(problems('{ testCommand: go test, testFileCommand: go test ./... }')).toMatch(
    /verification\.testFileCommand: must contain \{file\}/,
  );
  expect(problems("{ testFileCommand: 'go test ./{folder}' }")).toMatch(/name a testCommand too/);
});

test('what is as by default is absent, so that older policies keep their digest', () => {
  expect(valuesOf('{}')).not.toHaveProperty('inputs');
  expect(valuesOf('{}')).not.toHaveProperty('testFileCommand');
  expect(valuesOf(JSON.stringify({ inputs: defaultCommandInputs }))).not.toHaveProperty('inputs');
  expect(valuesOf('{ inputs: [Makefile] }')?.inputs).toEqual(['Makefile']);
});

const { matches } = protectedPathMatcher(defaultCommandInputs);

test.each([
  ...['package.json', 'packages/a/package.json', 'pnpm-lock.yaml', 'yarn.lock', '.npmrc', 'vitest.config.ts'],
  ...[
    '.mocharc.json',
    'jest.setup.js',
    'src/setupTests.ts',
    'tsconfig.build.json',
    '.yarn/releases/yarn.cjs',
  ],
  ...[
    'pyproject.toml',
    'tests/conftest.py',
    'requirements-dev.txt',
    'requirements/test.in',
    'tox.ini',
    'uv.lock',
  ],
  ...['go.mod', 'go.sum', 'Cargo.toml', 'crates/a/build.rs', '.cargo/config.toml'],
  ...[
    'build.gradle.kts',
    'gradle/wrapper/gradle-wrapper.properties',
    'gradlew',
    'pom.xml',
    '.mvn/extensions.xml',
  ],
  ...['Gemfile.lock', 'spec/spec_helper.rb', '.rspec', 'composer.json', 'phpunit.xml.dist'],
  ...[
    'bunfig.toml',
    'jsconfig.json',
    '__mocks__/fs.js',
    'test/setup.ts',
    'setupJest.ts',
    'vitest.workspace.ts',
  ],
  ...['webpack.common.js', 'patches/a+1.0.0.patch', 'test/mocha.opts', 'pytest.toml', 'dev-requirements.txt'],
  ...['src/test/resources/META-INF/services/a.B', 'project/plugins.scala', 'lib/tasks/a.rake', 'gems.rb'],
  ...['spec/support/a.rb', 'tests/bootstrap.php', 'Package.swift', 'mix.exs', 'test/test_helper.exs'],
  ...[
    'pubspec.yaml',
    'stack.yaml',
    'configure',
    'SConstruct',
    'flake.nix',
    'scripts/run-tests.mjs',
    'script/test',
  ],
  ...['run_tests.sh', 'ci/check.py', '.bazelversion', 'src/__snapshots__/a.test.js.snap', 'mypy.ini'],
  ...['Makefile', 'rules.mk', 'CMakeLists.txt', '.github/workflows/ci.yml', 'Jenkinsfile', 'Dockerfile'],
])('%s is read by commands', path => expect(matches(path)).toBe(true));

test.each([
  ...['src/app.js', 'src/config.ts', 'test/app.test.js', 'README.md', 'docs/package.md', 'src/makefile.js'],
  ...['src/setup.ts', 'src/testimony.ts', 'scripts/deploy.mjs', 'tools/contest.py', 'test/helpers/cart.js'],
  ...[
    'src/project/index.ts',
    'docs/requirements.md',
    'src/checkout.sh.ts',
    'src/global.ts',
    'lib/patches.js',
  ],
  ...['src/build/index.ts', 'src/gradle.py', 'app/models/test.rb', 'styles/theme.css'],
])('%s is ordinary', path => expect(matches(path)).toBe(false));
