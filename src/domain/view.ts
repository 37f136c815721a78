/** An issue as the CLI, the board and the memo show it: small, plain, and complete enough to use without a worker. */
import type { AuditRecord } from './audit.ts';
import { boxText } from './box-facts.ts';
import type { DecisionAnswer } from './decision.ts';
import { issueName } from './issue-ref.ts';
import {
  currentBase,
  currentChange,
  currentEvidence,
  modeOf,
  reservedUsd,
  riskOf,
  spentUsd,
  stageOf,
} from './facts.ts';
import { releaseOwnerOf } from './hold.ts';
import { nextStep } from './next-step.ts';
import { waitingOn } from './projection.ts';
import type { RiskJudgement } from './risk.ts';
import type { Stage } from './stage.ts';
import type { IssueState } from './state.ts';
import { refusalsOf } from './state/people.ts';
import { owedByRelease } from './status-comment.ts';
import type { RunEnd } from './state/work.ts';
import type { Hold } from './step.ts';

export interface IssueView {
  readonly issue: string;
  readonly title: string;
  readonly url: string;
  readonly generation: number;
  readonly stage: Stage;
  readonly mode: string;
  readonly risk: RiskJudgement;
  readonly hold: Hold | null;
  readonly heldSince: number | null;
  readonly rung: string | null;
  readonly waitingOn: string;
  /** End of the present wait or rung, in epoch milliseconds. */
  readonly until: number | null;
  readonly branch: string | null;
  readonly base: string | null;
  readonly run: RunView | null;
  readonly runs: number;
  readonly change: { readonly commit: string; readonly files: number; readonly diff: string } | null;
  readonly evidence: { readonly digest: string; readonly concerns: readonly string[] } | null;
  readonly pullRequest: { readonly number: number; readonly url: string; readonly head: string } | null;
  readonly merge: { readonly commit: string; readonly at: number } | null;
  readonly releaseOwner: string;
  readonly releaseOwes: readonly string[];
  readonly verifiedAt: number | null;
  readonly closedAt: number | null;
  readonly spentUsd: number;
  /** Reserved for the current run. */
  readonly reservedUsd: number;
  readonly refusedDecision: string | null;
  /** Why the status comment or the labels are out of date; absent while they are not. */
  readonly unshown?: string;
  readonly policy: string | null;
  readonly subject: string | null;
  readonly auditSeq: number;
  readonly auditHead: string;
  readonly archives: readonly string[];
  readonly actsReadTo: number;
  readonly commentsReadTo: number;
}

export interface RunView {
  readonly runId: string;
  readonly ending: string | null;
  readonly summary: string | null;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly transcript: string | null;
  readonly box: string | null;
  readonly keptWorkspace: string | null;
}

/** The view, the audit records that are not archived yet, and the answers to the latest decisions. */
export interface IssueStory {
  readonly view: IssueView;
  readonly records: readonly AuditRecord[];
  /** Absent in answers of older workers. */
  readonly answers?: readonly DecisionAnswer[];
}

export function issueStory(state: IssueState): IssueStory {
  return { view: viewOf(state), records: state.audit.records, answers: state.answers ?? [] };
}

export function viewOf(state: IssueState): IssueView {
  return { ...headOf(state), ...workOf(state), ...endOf(state) };
}

function headOf(state: IssueState) {
  return {
    issue: issueName(state.issue),
    title: state.subject?.title ?? '',
    url: state.subject?.url ?? '',
    generation: state.generation,
    stage: stageOf(state),
    mode: modeOf(state),
    risk: riskOf(state),
    ...waitOf(state),
  };
}

function waitOf(state: IssueState) {
  const step = nextStep(state);
  return {
    hold: step.kind === 'hold' ? step.hold : null,
    heldSince: state.held?.since ?? null,
    rung: state.held?.rung ?? null,
    waitingOn: waitingOn(step),
    until: 'until' in step ? (step.until ?? null) : null,
  };
}

function workOf(state: IssueState) {
  const change = currentChange(state);
  const evidence = currentEvidence(state);
  const { pullRequest } = state;
  return {
    branch: state.claim?.branch ?? null,
    base: currentBase(state) ?? null,
    run: runView(state),
    runs: state.runs.length,
    change:
      change === undefined ? null : { commit: change.commit, files: change.files.length, diff: change.diff },
    evidence: evidence === undefined ? null : { digest: evidence.digest, concerns: evidence.concerns },
    pullRequest:
      pullRequest === undefined
        ? null
        : { number: pullRequest.number, url: pullRequest.url, head: pullRequest.head },
  };
}

function runView(state: IssueState): RunView | null {
  const run = state.runs.at(-1);
  return run === undefined ? null : { runId: run.runId, startedAt: run.startedAt, ...runEndView(run.end) };
}

function runEndView(end: RunEnd | undefined): Omit<RunView, 'runId' | 'startedAt'> {
  if (end === undefined)
    return {
      ending: null,
      summary: null,
      endedAt: null,
      transcript: null,
      box: null,
      keptWorkspace: null,
    };
  const { ending, summary, endedAt, transcript = null, box, keptWorkspace = null } = end;
  const boxed = box === undefined ? null : boxText(box);
  return { ending, summary, endedAt, transcript, box: boxed, keptWorkspace };
}

function endOf(state: IssueState) {
  const { merge, refusedDecision: refused, audit } = state;
  return {
    merge: merge === undefined ? null : { commit: merge.commit, at: merge.at },
    releaseOwner: releaseOwnerOf(state),
    releaseOwes: owedByRelease(state),
    verifiedAt: state.verifiedAt ?? null,
    closedAt: state.closedAt ?? null,
    spentUsd: spentUsd(state),
    reservedUsd: reservedUsd(state),
    refusedDecision:
      refused === undefined
        ? null
        : refusalsOf(refused)
            .map(({ kind, by, why }) => `/${kind} by ${by}: ${why}`)
            .join('; '),
    ...(state.unshown === undefined ? {} : { unshown: state.unshown.reason }),
    policy: state.policy?.digest ?? null,
    subject: state.subject?.digest ?? null,
    auditSeq: audit.nextSeq - 1,
    auditHead: audit.head,
    archives: audit.archives.map(archive => archive.digest),
    actsReadTo: state.actsReadTo,
    commentsReadTo: state.commentsReadTo,
  };
}
