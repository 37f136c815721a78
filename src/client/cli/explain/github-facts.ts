/** Reads an issue's current facts from GitHub: its opt-in, and everything that Signalbox writes there. */
import { parsePolicyFile, POLICY_PATH, problemText } from '../../../config/policy-file.ts';
import { begin } from '../../../domain/begin.ts';
import { branchesOf, branchOwner } from '../../../domain/branch.ts';
import { digestOfText } from '../../../domain/digest.ts';
import type { IssueRef } from '../../../domain/issue-ref.ts';
import { optInProblem } from '../../../domain/next-step.ts';
import type { ObservedIssue } from '../../../domain/observation.ts';
import type { Policy } from '../../../domain/policy.ts';
import { STATUS_MARKER } from '../../../domain/projection.ts';
import type { GitHub } from '../../../github/client.ts';
import { listComments } from '../../../github/comments.ts';
import { getIssue, type Issue, listOptIns, saysWhoLabelled, whoLabelled } from '../../../github/issues.ts';
import { findByHead, type PullSummary } from '../../../github/pulls.ts';
import { type BranchRef, matchingRefs } from '../../../github/refs.ts';
import { getContents, getRepository } from '../../../github/repository.ts';
import { roleOf } from '../../../github/roles.ts';

export interface GitHubFacts {
  readonly issue: Issue;
  readonly optIn: OptInReading;
  /** Branches of this issue by name, of every generation. */
  readonly branches: readonly BranchRef[];
  /** Pull requests from those branches, and from the one that the workflow names. */
  readonly pulls: readonly PullSummary[];
  /** Bodies of comments with the marker of our status comment. */
  readonly statusComments: readonly string[];
}

export type OptInReading =
  | { readonly kind: 'opted-in'; readonly label: string; readonly by: string }
  | { readonly kind: 'not-opted-in'; readonly label: string; readonly why: string }
  /** Without a policy no issue can be opted in. */
  | { readonly kind: 'no-policy'; readonly why: string };

/** Throws `GitHubFailure`. */
export async function gitHubFacts(
  github: GitHub,
  ref: IssueRef,
  claimed: string | null,
): Promise<GitHubFacts> {
  const { owner, repo, number } = ref;
  const issue = await getIssue(github, { owner, repo, issue: number });
  const found = await matchingRefs(github, { owner, repo, prefix: branchesOf(number) });
  const branches = found.filter(({ branch }) => branchOwner(branch)?.issueNumber === number);
  const comments = await listComments(github, { owner, repo, issue: number });
  return {
    issue,
    optIn: await optInOf(github, ref, issue),
    branches,
    pulls: await pullsOf(github, ref, namesOf(branches, claimed)),
    statusComments: comments.map(({ body }) => body).filter(body => body.includes(STATUS_MARKER)),
  };
}

const BRANCHES_READ_MAX = 10;

function namesOf(branches: readonly BranchRef[], claimed: string | null): readonly string[] {
  const names = new Set(branches.map(({ branch }) => branch));
  if (claimed !== null) names.add(claimed);
  return [...names].slice(0, BRANCHES_READ_MAX);
}

async function pullsOf(
  github: GitHub,
  { owner, repo }: IssueRef,
  branches: readonly string[],
): Promise<readonly PullSummary[]> {
  const found = await Promise.all(branches.map(branch => findByHead(github, { owner, repo, branch })));
  return found.flat();
}

async function optInOf(github: GitHub, ref: IssueRef, issue: Issue): Promise<OptInReading> {
  const reading = await policyOf(github, ref);
  if (typeof reading === 'string') return { kind: 'no-policy', why: reading };
  const { label } = reading.optIn;
  const optIn = await givenBy(github, ref, { issue, label });
  const subject = observed(issue, optIn);
  const why = optInProblem({ ...begin({ issue: ref, at: 0 }), policy: reading, subject });
  if (why !== undefined) return { kind: 'not-opted-in', label, why };
  return { kind: 'opted-in', label, by: optIn?.by.login ?? '' };
}

/** The policy on the default branch, or why there is none. */
async function policyOf(github: GitHub, { owner, repo }: IssueRef): Promise<Policy | string> {
  const { defaultBranch } = await getRepository(github, { owner, repo });
  const text = await getContents(github, { owner, repo, path: POLICY_PATH, ref: defaultBranch });
  if (text === undefined)
    return `there is no ${POLICY_PATH} on ${defaultBranch}; propose one with \`signalbox init ${owner}/${repo}\``;
  const reading = parsePolicyFile(text);
  if ('policy' in reading) return reading.policy;
  const [problem] = reading.problems;
  return `${POLICY_PATH} on ${defaultBranch} is invalid: ${problem === undefined ? '' : problemText(problem)}`;
}

interface Labelled {
  readonly issue: Issue;
  readonly label: string;
}

async function givenBy(
  github: GitHub,
  { owner, repo, number }: IssueRef,
  { issue, label }: Labelled,
): Promise<ObservedIssue['optIn']> {
  if (!issue.labels.some(given => given.toLowerCase() === label.toLowerCase())) return null;
  const at = { owner, repo, issue: number, label, enough: saysWhoLabelled };
  const { acts } = await listOptIns(github, at);
  const by = whoLabelled(acts);
  if (by === undefined) return null;
  const type = by.type === 'User' || by.type === 'Bot' ? by.type : 'other';
  return { by: { login: by.login, type }, role: await roleOf(github, { owner, repo, login: by.login }) };
}

/** With only the fields that the opt-in rule reads. */
function observed(issue: Issue, optIn: ObservedIssue['optIn']): ObservedIssue {
  const { title, htmlUrl: url, author, state, labels } = issue;
  const contract = { missing: [], unclear: [], wordRisk: { level: 'low', reasons: [] } } as const;
  return { digest: digestOfText(title), title, url, author, state, labels, contract, optIn };
}
