/** What is protected without a policy: the configuration of every CI system, merge bot and agent that we know of. */
import { expect, test } from '@jest/globals';
import { defaultProtectedPaths, protectedPathMatcher } from '../../src/git/protected-paths.ts';

const { matches } = protectedPathMatcher(defaultProtectedPaths);

/** The files that each system documents as its configuration. */
const SYSTEMS: Readonly<Record<string, readonly string[]>> = {
  'GitHub Actions': [
    '.github/workflows/ci.yml',
    '.github/actions/setup/action.yml',
    '.github/dependabot.yml',
  ],
  'GitLab CI': ['.gitlab-ci.yml', '.gitlab/ci/build.yml'],
  CircleCI: ['.circleci/config.yml'],
  Buildkite: ['.buildkite/pipeline.yml'],
  'Travis CI': ['.travis.yml'],
  'Azure Pipelines': ['azure-pipelines.yml', 'azure-pipelines-release.yaml', '.azure-pipelines/build.yml'],
  Jenkins: ['Jenkinsfile', 'ci/Jenkinsfile.release'],
  Drone: ['.drone.yml', '.drone.star', '.drone.jsonnet'],
  Woodpecker: ['.woodpecker.yml', '.woodpecker.yaml', '.woodpecker/test.yaml'],
  'Bitbucket Pipelines': ['bitbucket-pipelines.yml'],
  TeamCity: ['.teamcity/settings.kts'],
  Tekton: ['.tekton/pull-request.yaml'],
  AppVeyor: ['appveyor.yml', '.appveyor.yml'],
  'Cirrus CI': ['.cirrus.yml', '.cirrus.star'],
  Semaphore: ['.semaphore/semaphore.yml'],
  Codefresh: ['codefresh.yml', '.codefresh/codefresh.yml'],
  Wercker: ['wercker.yml'],
  Buddy: ['buddy.yml', '.buddy/pipeline.yml'],
  SourceHut: ['.build.yml', '.builds/alpine.yml'],
  'Gitea and Forgejo Actions': ['.gitea/workflows/ci.yml', '.forgejo/workflows/ci.yml'],
  Zuul: ['.zuul.yaml', 'zuul.yaml', '.zuul.d/jobs.yaml'],
  Prow: ['.prow.yaml', 'OWNERS', 'pkg/OWNERS', 'OWNERS_ALIASES'],
  'Google Cloud Build': ['cloudbuild.yaml', 'cloudbuild.json'],
  'AWS CodeBuild': ['buildspec.yml', 'ci/buildspec-deploy.yaml'],
  Codemagic: ['codemagic.yaml'],
  Bitrise: ['bitrise.yml'],
  Harness: ['.harness/pipeline.yaml'],
  Screwdriver: ['screwdriver.yaml'],
  Netlify: ['netlify.toml'],
  Vercel: ['vercel.json'],
  Amplify: ['amplify.yml'],
  Mergify: ['.mergify.yml', '.mergify/config.yml', '.github/mergify.yml'],
  Bors: ['bors.toml'],
  Kodiak: ['.kodiak.toml'],
  Renovate: ['renovate.json', '.renovaterc', '.renovaterc.json5'],
  'code owners': ['CODEOWNERS', 'docs/CODEOWNERS'],
  agents: [
    'AGENTS.md',
    'pkg/CLAUDE.md',
    'opencode.json',
    '.opencode/agent/x.md',
    '.mcp.json',
    '.clinerules/a.md',
  ],
  'development containers': [
    '.devcontainer.json',
    '.devcontainer/devcontainer.json',
    'pkg/.devcontainer.json',
  ],
  Cargo: ['.cargo/config.toml', 'crates/a/.cargo/config'],
};

test.each(Object.entries(SYSTEMS))('%s', (_name, paths) => {
  expect(paths.filter(path => !matches(path))).toEqual([]);
});

test('positive control: ordinary files with similar names are not protected', () => {
  const ordinary = [
    'src/build.yml',
    'src/vercel.json',
    'docs/drone.md',
    'OWNERS.md',
    'src/owners.ts',
    'build.gradle',
    'Cargo.toml',
    'src/cargo/config.toml',
    'lib/renovate.ts',
    'render.ts',
    'amplify.ts',
    'circleci/readme.md',
    'src/devcontainer.json',
  ];
  expect(ordinary.filter(matches)).toEqual([]);
});
