/** Made-up facts (ids, commits, an issue, a pull request), identical in every play. */
import { digestOf } from '../../../domain/digest.ts';
import { issueName, type IssueRef, repositoryName } from '../../../domain/issue-ref.ts';
import type { ObservedIssue, ObservedPullRequest } from '../../../domain/observation.ts';
import type { Change, CheckResult, RunEnd } from '../../../domain/state/work.ts';
import type { RepositoryFacts } from '../../../domain/state/reading.ts';
import type { Effect } from '../../../domain/step.ts';
import type { RunPlan, Scenario } from './scenario.ts';

export const PULL_NUMBER = 2;

/** A commit id of forty hexadecimal digits, derived from the text. */
export function commitOf(what: string): string {
  return digestOf(what).slice('sha256:'.length, 'sha256:'.length + 40);
}

export function madeUpRepository(issue: IssueRef, target?: string): RepositoryFacts {
  const url = `https://github.com/${repositoryName(issue)}`;
  const facts = { id: 1, defaultBranch: 'main', head: commitOf('base'), cloneUrl: `${url}.git`, url };
  if (target === undefined) return facts;
  return { ...facts, target: { branch: target, head: commitOf(`base of ${target}`) } };
}

export function issueOf({ issue, title, mode, risk, missing, labels, policy }: Scenario): ObservedIssue {
  return {
    digest: digestOf({ title, edition: 1 }),
    title,
    author: 'rita',
    state: 'open',
    url: `https://github.com/${repositoryName(issue)}/issues/${issue.number}`,
    labels: labels ?? [policy.optIn.label],
    contract: {
      missing,
      unclear: [],
      wordRisk: { level: 'low', reasons: [] },
      ...(mode === undefined ? {} : { mode }),
      ...(risk === undefined ? {} : { declaredRisk: risk }),
    },
    optIn: optIn('alice'),
  };
}

/** An opt-in by a person with a sufficient role. */
export function optIn(login: string): NonNullable<ObservedIssue['optIn']> {
  return { by: { login, type: 'User' }, role: { kind: 'role', role: 'maintain' } };
}

export function madeUpRunEnd({ ending, summary, costUsd, raisedRisk }: RunPlan, at: number): RunEnd {
  return {
    ending,
    endedAt: at,
    summary: summary ?? `the run ended as ${ending}`,
    usage: { inputTokens: 1_000, outputTokens: 100, costUsd },
    ...(ending === 'patch' ? { manifest: digestOf('manifest') } : {}),
    ...(raisedRisk === undefined ? {} : { raisedRisk }),
  };
}

export function changeOf(runId: string, { files, protectedPaths }: RunPlan): Change {
  return {
    runId,
    commit: commitOf(`commit of ${runId}`),
    tree: commitOf(`tree of ${runId}`),
    files: files.map(path => ({ path, status: 'modified' })),
    protectedPaths,
    diff: digestOf({ diff: runId }),
  };
}

export function checksOf({ policy }: Scenario, { failing }: RunPlan): readonly CheckResult[] {
  return policy.verification.commands.map(({ name, run: command }) => {
    const passed = !failing.includes(name);
    return {
      name,
      command,
      on: 'head',
      expected: 'pass',
      passed,
      exitCode: passed ? 0 : 1,
      durationMs: 1_000,
      output: digestOf({ name, passed }),
    };
  });
}

export function pullRequestOf(
  issue: IssueRef,
  { head, into }: Extract<Effect, { kind: 'open-pull-request' }>,
): ObservedPullRequest {
  const url = `https://github.com/${repositoryName(issue)}/pull/${PULL_NUMBER}`;
  return {
    number: PULL_NUMBER,
    url,
    state: 'open',
    draft: false,
    head,
    base: into,
    merged: null,
    mergeable: true,
    reviews: [],
  };
}

export function nameOf({ issue, title }: Scenario): string {
  return `${issueName(issue)}  ${title}`;
}
