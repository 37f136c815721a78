/**
 * GitHub, the agent and the artifact store in memory: a value, and what each effect does to it. Like the activities, an
 * effect that finds its work done gives the same answer again.
 */
import { digestOf } from '../../../src/domain/digest.ts';
import type { CheckState } from '../../../src/domain/check-report.ts';
import type { EventBody } from '../../../src/domain/event.ts';
import type {
  ObservedCommand,
  ObservedIssue,
  ObservedPullRequest,
  ObservedReview,
} from '../../../src/domain/observation.ts';
import { omit } from '../../../src/domain/omit.ts';
import type { MergeRules } from '../../../src/domain/merge-rules.ts';
import type { MergeMethod, Policy } from '../../../src/domain/policy.ts';
import type { Calling } from '../../../src/domain/state/calls.ts';
import type { Change } from '../../../src/domain/state/work.ts';
import type { ReleaseFacts } from '../../../src/domain/state/release.ts';
import type { BuildPlan, Effect } from '../../../src/domain/step.ts';
import { type Ci, GOOD_CI, runAgain } from './ci.ts';
import { draftAnswer, markReady } from './draft.ts';
import { handOver, takeBack } from './hand-over.ts';
import { mergePullRequest } from './merge-sent.ts';
import { fact, failed, type Performed } from './performed.ts';
import { foreignAt, HEADS } from './branch.ts';
import { issueOf, type Name, policyOf, REFUSED_SUGGESTIONS } from './fixtures.ts';
import {
  assembleEvidence,
  type Below,
  buildCandidate,
  type Built,
  manifestOf,
  patchOf,
  readArrival,
  verifyCandidate,
} from './merging.ts';
import { buildAhead, verifyAhead } from './ahead.ts';
import { policyRead } from './policy-read.ts';
import { checksOf, type NextRun, runOf } from './runs.ts';

export interface Written<T> {
  readonly by: Name;
  readonly what: T;
}

/** How the next run ends, what its change touches, and how its checks end. */
export interface GitHub {
  readonly policy: Policy;
  /** The head of the default branch. */
  readonly base: string;
  /** What a call may use; absent: nobody is called, as in lives that began before calls existed. */
  readonly calling?: Calling;
  /** Whether a place in the line of merges gets its turn at once. Absent: there is no line, as for older schedulers. */
  readonly line?: 'free' | 'busy';
  /** The place that the line has for the issue. */
  readonly place?: string;
  /** The heads of other branches that can be targets. */
  readonly targets?: Readonly<Record<string, string>>;
  /** Files that others have changed on the default branch since. */
  readonly movedBelow: readonly string[];
  /** How they meet the change, when git merges both. */
  readonly below?: Below;
  readonly built?: Built;
  /** The default branch into which the pull request was merged. */
  readonly mergedInto?: string;
  /** The merge is not git's own. */
  readonly oddMerge?: boolean;
  readonly isRebased?: boolean;
  readonly issue: ObservedIssue;
  readonly gone?: 'transferred' | 'deleted' | 'not-found';
  readonly comments: readonly Written<Omit<ObservedCommand, 'author' | 'role'>>[];
  readonly branch?: { readonly name: string; readonly head: string };
  readonly pullRequest?: Omit<ObservedPullRequest, 'reviews'>;
  readonly reviews: readonly Written<Omit<ObservedReview, 'author' | 'role'>>[];
  /** People who lost their role. */
  readonly demoted: readonly Name[];
  readonly ci: Ci;
  /** What the rules of the target branch say about merges. */
  readonly mergeRules?: MergeRules;
  /** Those that the settings of the repository allow; absent: all. */
  readonly mergeMethods?: readonly MergeMethod[];
  readonly hasNoDrafts?: true;
  /** How the head is deployed to each environment that a rule names; absent: that cannot be read. */
  readonly deployed?: CheckState;
  /** Auto-merge has nothing to wait for. */
  readonly isMergeable?: true;
  readonly deployment: ReleaseFacts['deployment'];
  readonly nextRun: NextRun;
  /** The latest run, from which the change is made. */
  readonly lastRun?: NextRun;
  /** The latest run of adopted commits. */
  readonly adopted?: { readonly runId: string; readonly head: string; readonly suggested?: true };
  readonly probes: ReleaseFacts['probes'];
  /** The default branch was rewritten and no longer contains the merge. */
  readonly rewritten: boolean;
  /** The change is no longer in a commit that contains the merge. */
  readonly missing?: ReleaseFacts['missing'];
  /** Counters over the whole life, for what may exist only once. */
  readonly made: { readonly branches: number; readonly pullRequests: number; readonly merges: number };
}

export function newGitHub(change: Partial<GitHub> = {}): GitHub {
  return {
    policy: policyOf(),
    base: 'base-1',
    movedBelow: [],
    issue: issueOf(),
    comments: [],
    reviews: [],
    demoted: [],
    ci: GOOD_CI,
    deployment: null,
    probes: [],
    rewritten: false,
    nextRun: { ending: 'patch', path: 'src/price.ts', concern: false },
    made: { branches: 0, pullRequests: 0, merges: 0 },
    ...change,
  };
}

export function commitOf(plan: BuildPlan): string {
  return digestOf({ run: plan.runId, base: plan.base, manifest: plan.manifest }).slice(7, 47);
}

type Perform = {
  readonly [K in Effect['kind']]: (github: GitHub, effect: Extract<Effect, { kind: K }>) => Performed;
};

/** Performs an effect and returns the event of its answer. */
export function perform(github: GitHub, effect: Effect, at: number): Performed {
  const run = PERFORM[effect.kind] as (github: GitHub, effect: Effect, at: number) => Performed;
  return run(github, effect, at);
}

const PERFORM: Perform = {
  'read-policy': (github, { target }) => fact(github, policyRead(github, target)),
  'claim-branch': claimBranch,
  'run-agent': runAgent,
  'adopt-commits': (github, { runId, head }) => {
    if (head === HEADS.refused)
      return fact(github, { type: 'adoption-refused', head, reason: 'it is not allowed' });
    const manifest = digestOf({ manifest: head });
    const adopted = { runId, head };
    return fact(
      { ...github, adopted },
      { type: 'commits-adopted', runId, head, base: github.base, manifest },
    );
  },
  'apply-suggestions': applySuggestions,
  'build-change': buildChange,
  'build-candidate': (github, effect) => fact(github, buildCandidate(github, effect)),
  'verify-candidate': (github, effect) => fact(github, verifyCandidate(github, effect)),
  'build-ahead': (github, effect) => fact(github, buildAhead(github, effect)),
  'verify-ahead': (github, effect) => fact(github, verifyAhead(github, effect)),
  'read-arrival': (github, effect) => fact(github, readArrival(github, effect)),
  'verify-change': (github, { commit }) =>
    fact(github, { type: 'verified', verification: { commit, checks: checksOf(runOf(github)) } }),
  'assemble-evidence': (github, effect) => fact(github, assembleEvidence(github, effect)),
  'push-commit': pushCommit,
  'publish-evidence': (github, { digest }) => fact(github, { type: 'evidence-published', digest }),
  'open-pull-request': openPullRequest,
  'mark-ready': markReady,
  'rerun-check': runAgain,
  'join-line': (github, { id, head, target }) =>
    fact({ ...github, place: id }, { type: 'line-joined', id, head, target }),
  merge: mergePullRequest,
  'hand-over-merge': handOver,
  'take-back-merge': takeBack,
  'check-release': github => {
    const { deployment, probes, rewritten, missing } = github;
    const lost = missing === undefined ? {} : { missing };
    const release: ReleaseFacts = { onDefaultBranch: !rewritten, deployment, probes, ...lost };
    return fact(github, { type: 'release-checked', release });
  },
  'release-claim': (github, effect) => {
    if (github.branch !== undefined && github.branch.head !== effect.expected)
      return failed(github, effect, 'BranchMoved');
    return fact(omit(github, 'branch'), { type: 'claim-released' });
  },
  'close-issue': github =>
    fact({ ...github, issue: { ...github.issue, state: 'closed' } }, { type: 'issue-closed' }),
};

function claimBranch(github: GitHub, effect: Extract<Effect, { kind: 'claim-branch' }>): Performed {
  const { branch, base } = effect;
  const answer: EventBody = { type: 'claimed', branch, base };
  if (github.branch?.name === branch)
    return github.branch.head === base ? fact(github, answer) : failed(github, effect, 'BranchTaken');
  const made = { ...github.made, branches: github.made.branches + 1 };
  return fact({ ...github, branch: { name: branch, head: base }, made }, answer);
}

function runAgent(github: GitHub, { runId }: Extract<Effect, { kind: 'run-agent' }>, at = 0): Performed {
  const { ending, isEmpty = false, raisedRisk, claims } = github.nextRun;
  const manifest = ending === 'patch' && !isEmpty ? { manifest: digestOf({ manifest: runId }) } : {};
  const usage = { inputTokens: 1, outputTokens: 1, costUsd: ending === 'over-budget' ? 1 : 0.1 };
  const summary = `did ${ending}${claims === undefined ? '' : ` and ${claims}`}`;
  const raised = raisedRisk === undefined ? {} : { raisedRisk };
  const end = { ending, endedAt: at, summary, usage, ...manifest, ...raised };
  return fact({ ...github, lastRun: github.nextRun }, { type: 'run-ended', runId, end });
}

/** On top of adopted commits, they are part of the change still. */
function applySuggestions(
  github: GitHub,
  { runId, suggestions, manifest: below }: Extract<Effect, { kind: 'apply-suggestions' }>,
): Performed {
  if (suggestions.includes(REFUSED_SUGGESTIONS))
    return fact(github, { type: 'suggestions-refused', suggestions, reason: 'they are outside the file' });
  const { adopted } = github;
  const isOnAdopted = adopted !== undefined && manifestOf(github, adopted.runId) === below;
  const next = isOnAdopted ? { ...github, adopted: { ...adopted, runId, suggested: true as const } } : github;
  const manifest = manifestOf(next, runId);
  return fact(next, { type: 'suggestions-applied', runId, suggestions, manifest });
}

/** Complete files apply only if no one else changed them since the run saw them. */
function buildChange(github: GitHub, plan: Extract<Effect, { kind: 'build-change' }>): Performed {
  const { runId, base, from } = plan;
  const paths = from === undefined ? [] : github.movedBelow.filter(path => path === github.nextRun.path);
  if (paths.length > 0) return fact(github, { type: 'change-outdated', runId, base, paths });
  const change = changeOf(github, plan);
  const built = { commit: change.commit, base };
  return fact({ ...github, built }, { type: 'change-built', change });
}

function changeOf(github: GitHub, plan: BuildPlan): Change {
  const commit = commitOf(plan);
  const { path, isProtected = false } = runOf(github);
  const files = [{ path, status: 'modified' as const }];
  return {
    runId: plan.runId,
    ...(plan.from === undefined ? {} : { base: plan.base }),
    commit,
    tree: `tree-${commit}`,
    files,
    protectedPaths: isProtected ? [path] : [],
    diff: digestOf({ commit }),
    patch: patchOf(plan.manifest),
  };
}

function pushCommit(github: GitHub, effect: Extract<Effect, { kind: 'push-commit' }>): Performed {
  const { branch } = github;
  const answer: EventBody = { type: 'pushed', commit: effect.commit };
  if (branch?.head === effect.commit) return fact(github, answer);
  if (branch === undefined) return failed(github, effect, 'BranchMoved');
  if (branch.head !== effect.expected)
    return fact(github, { type: 'branch-moved', found: foreignAt(branch.head) });
  return fact(withHead(github, effect.commit), answer);
}

/** Moves the branch and the head of its pull request. */
export function withHead(github: GitHub, head: string): GitHub {
  const { branch, pullRequest } = github;
  if (branch === undefined) return github;
  const moved = { ...github, branch: { ...branch, head } };
  return pullRequest === undefined || pullRequest.merged !== null
    ? moved
    : { ...moved, pullRequest: { ...pullRequest, head } };
}

function openPullRequest(github: GitHub, effect: Extract<Effect, { kind: 'open-pull-request' }>): Performed {
  const known = github.pullRequest;
  if (known !== undefined) {
    const pullRequest = effect.retarget === true ? { ...known, base: effect.into } : known;
    return fact(
      { ...github, pullRequest },
      { type: 'pull-request-opened', pullRequest: { ...pullRequest, reviews: [] } },
    );
  }
  const head = github.branch?.head;
  if (head === undefined) return failed(github, effect, 'GitHubInvalid');
  const pullRequest = {
    number: 70,
    url: 'https://git.example/shop/pull/70',
    state: 'open',
    draft: effect.draft === true && github.hasNoDrafts !== true,
  } as const;
  const opened = { ...pullRequest, head, base: effect.into, merged: null, mergeable: true };
  const made = { ...github.made, pullRequests: github.made.pullRequests + 1 };
  return fact(
    { ...github, pullRequest: opened, made },
    { type: 'pull-request-opened', pullRequest: { ...opened, reviews: [] }, ...draftAnswer(github, effect) },
  );
}
