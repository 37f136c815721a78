/** Paths that control what runs, who reviews or what agents are instructed: a person must approve them by name. */
import picomatch from 'picomatch';
import { skeleton } from '../domain/look-alike.ts';

/** Grouped by what such a file controls. Each group is one entry, so that a new system finds its place. */
const PROTECTED_BY_DEFAULT = {
  /** GitHub's own configuration, which includes Actions, Dependabot and Signalbox's policy. */
  github: ['.github/**'],
  /** Systems that build, test or deploy, often with secrets. */
  ci: [
    '.{gitlab,circleci,buildkite,semaphore,teamcity,tekton,woodpecker,codefresh,buddy,harness,screwdriver}/**',
    '.{gitea,forgejo,builds,jenkins,pipelines,ado,azure-pipelines,azuredevops,vsts,cirrus,concourse,drone}/**',
    '{,.}{gitlab-ci,travis,appveyor,cirrus,drone,woodpecker,wercker,codefresh,buddy,build,zuul,prow}.{yml,yaml}',
    '.{drone,cirrus}.{jsonnet,star}',
    '.zuul.d/**',
    '{bitbucket-pipelines,codemagic,bitrise,screwdriver,amplify,render,cloudbuild,skaffold}*.{yml,yaml,json}',
    '{,.}azure-pipelines*.{yml,yaml}',
    '**/buildspec*.{yml,yaml}',
    '**/Jenkinsfile*',
    '{netlify,fly}.toml',
    'vercel.json',
  ],
  /** Bots that merge, or open pull requests that merge by themselves. */
  mergeBots: [
    '.mergify.{yml,yaml}',
    '.mergify/**',
    'bors.toml',
    '.kodiak.toml',
    '{,.}{renovate,renovaterc}{,.json,.json5}',
  ],
  /** Required reviewers. */
  reviewers: ['**/CODEOWNERS', '**/OWNERS{,_ALIASES}'],
  /** Instructions and configuration of coding agents. */
  agents: [
    '**/{AGENTS,AGENTS.override,CLAUDE,CLAUDE.local,GEMINI,WARP}.md',
    '**/.{codex,agents,claude,cursor,gemini,windsurf,aider,continue,roo,opencode,kiro,junie,amazonq}/**',
    '**/.{cursorrules,windsurfrules,clinerules,goosehints}',
    '**/.clinerules/**',
    '**/opencode.{json,jsonc}',
    '**/.aider*',
    '**/.mcp.json',
  ],
  /** Programs that start automatically. */
  startedAutomatically: [
    '**/.{husky,githooks}/**',
    '**/{,.}lefthook*.{yml,yaml,toml,json}',
    '**/.pre-commit-config.{yml,yaml}',
    '**/.{vscode,devcontainer,zed}/**',
    '**/.devcontainer.json',
    '**/.envrc',
  ],
  /** Configuration that git, compilers and package managers read before anything runs. */
  readFirst: [
    '**/.git{modules,attributes}',
    '**/.{npmrc,yarnrc,yarnrc.yml,pnpmfile.cjs}',
    '**/{pip.conf,.pypirc,.netrc}',
    '**/.cargo/config{,.toml}',
  ],
} as const;

export const defaultProtectedPaths: readonly string[] = Object.values(PROTECTED_BY_DEFAULT).flat();

export interface PathMatcher {
  readonly matches: (path: string) => boolean;
  /** Looks like a protected path to a person, but is a different one. */
  readonly imitates: (path: string) => boolean;
}

/** Case-insensitive: another case must not bypass the protection. */
export function protectedPathMatcher(globs: readonly string[]): PathMatcher {
  const matches = matcher(globs, true);
  return { matches, imitates: path => !matches(path) && matches(skeleton(path)) };
}

/** Case-sensitive: another case must not widen the permission. */
export function allowedPathMatcher(globs: readonly string[]): (path: string) => boolean {
  return matcher(globs, false);
}

function matcher(globs: readonly string[], nocase: boolean): (path: string) => boolean {
  if (globs.length === 0) return () => false;
  return picomatch([...globs], { dot: true, nocase });
}
