/** Paths that change what runs, who reviews or what an agent is told: a person decides about them by name. */
import picomatch from 'picomatch';
import { skeleton } from './path-rules.ts';

export const defaultProtectedPaths: readonly string[] = [
  // Continuous integration, and GitHub's own configuration (this scheduler's policy is there too).
  '.github/**',
  '.gitlab-ci.yml',
  '.gitlab/**',
  '.circleci/**',
  '.buildkite/**',
  '.travis.yml',
  'azure-pipelines*.yml',
  '.azure-pipelines/**',
  '**/Jenkinsfile',
  // Who must review.
  '**/CODEOWNERS',
  // Instructions and configuration of coding agents.
  '**/{AGENTS,AGENTS.override,CLAUDE,CLAUDE.local,GEMINI}.md',
  '**/.{codex,agents,claude,cursor,gemini,windsurf,aider,continue,roo}/**',
  '**/.{cursorrules,windsurfrules,clinerules}',
  '**/.aider*',
  '**/.mcp.json',
  // Programs that start by themselves.
  '**/.{husky,githooks}/**',
  '**/{,.}lefthook*.{yml,yaml,toml,json}',
  '**/.pre-commit-config.{yml,yaml}',
  '**/.{vscode,devcontainer}/**',
  '**/.envrc',
  // What git and package managers read before anything runs.
  '**/.git{modules,attributes}',
  '**/.{npmrc,yarnrc,yarnrc.yml,pnpmfile.cjs}',
  '**/{pip.conf,.pypirc,.netrc}',
];

export interface PathMatcher {
  readonly matches: (path: string) => boolean;
  /** Looks like a protected path to a person, but is another one. */
  readonly imitates: (path: string) => boolean;
}

/** Case never helps to slip past a protection. */
export function protectedPathMatcher(globs: readonly string[]): PathMatcher {
  const matches = matcher(globs, true);
  return { matches, imitates: path => !matches(path) && matches(skeleton(path)) };
}

/** Case must fit exactly: a permission is never widened by spelling. */
export function allowedPathMatcher(globs: readonly string[]): (path: string) => boolean {
  return matcher(globs, false);
}

function matcher(globs: readonly string[], nocase: boolean): (path: string) => boolean {
  if (globs.length === 0) return () => false;
  return picomatch([...globs], { dot: true, nocase });
}
