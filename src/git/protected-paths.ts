/** Paths that control what runs, who reviews or what agents are instructed: a person must approve them by name. */
import picomatch from 'picomatch';
import { skeleton } from '../domain/look-alike.ts';

export const defaultProtectedPaths: readonly string[] = [
  // CI, and GitHub's own configuration, which includes Signalbox's policy.
  '.github/**',
  '.gitlab-ci.yml',
  '.gitlab/**',
  '.circleci/**',
  '.buildkite/**',
  '.travis.yml',
  'azure-pipelines*.yml',
  '.azure-pipelines/**',
  '**/Jenkinsfile',
  // Required reviewers.
  '**/CODEOWNERS',
  // Instructions and configuration of coding agents.
  '**/{AGENTS,AGENTS.override,CLAUDE,CLAUDE.local,GEMINI}.md',
  '**/.{codex,agents,claude,cursor,gemini,windsurf,aider,continue,roo}/**',
  '**/.{cursorrules,windsurfrules,clinerules}',
  '**/.aider*',
  '**/.mcp.json',
  // Programs that start automatically.
  '**/.{husky,githooks}/**',
  '**/{,.}lefthook*.{yml,yaml,toml,json}',
  '**/.pre-commit-config.{yml,yaml}',
  '**/.{vscode,devcontainer}/**',
  '**/.envrc',
  // Configuration that git and package managers read before anything runs.
  '**/.git{modules,attributes}',
  '**/.{npmrc,yarnrc,yarnrc.yml,pnpmfile.cjs}',
  '**/{pip.conf,.pypirc,.netrc}',
];

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
