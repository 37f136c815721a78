/** An issue as the CLI, the board and the memo show it: small, plain, and complete enough to use without a worker. */
import type { AuditRecord } from './audit.ts';
import { boxText } from './box-facts.ts';
import { askNow, isCallAnswered, madeOf } from './call.ts';
import { checksLines } from './checks-text.ts';
import type { DecisionAnswer } from './decision.ts';
import { delayLine, nextTryLine } from './delay.ts';
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
import { adoptionProblem, foreignHead } from './adoption.ts';
import { provenCandidate } from './candidate.ts';
import { carriedLines } from './carried-text.ts';
import type { ForeignHead } from './foreign-head.ts';
import { releaseOwnerOf } from './hold.ts';
import { nextStep } from './next-step.ts';
import { otherTextLine } from './other-text.ts';
import { handOverText, isHandedOver } from './hand-over.ts';
import { waitingOn } from './projection.ts';
import type { RiskJudgement } from './risk.ts';
import type { Stage } from './stage.ts';
import type { IssueState } from './state.ts';
import type { MergePlace } from './state/publication.ts';
import type { Delay } from './state/delays.ts';
import { refusalsOf, type Rung } from './state/people.ts';
import { owedByRelease } from './status-comment.ts';
import type { RunEnd } from './state/work.ts';
import type { Hold } from './step.ts';
import { targetBranch } from './target.ts';

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
  readonly rung: Rung | null;
  readonly waitingOn: string;
  /** End of the present wait or rung, in epoch milliseconds. */
  readonly until: number | null;
  readonly branch: string | null;
  readonly base: string | null;
  /** The target branch; absent for the default branch. */
  readonly target?: string;
  readonly run: RunView | null;
  readonly runs: number;
  readonly change: { readonly commit: string; readonly files: number; readonly diff: string } | null;
  readonly evidence: { readonly digest: string; readonly concerns: readonly string[] } | null;
  /** The present commit of the target branch, if it moved and a merge of the change into it is verified. */
  readonly mergesInto?: string;
  /** Approvals that were given for an older base; absent without any. */
  readonly carried?: readonly string[];
  /** In the line of merges: into which branch, and since when it waits and has its turn. Absent without a place. */
  readonly line?: { readonly target: string; readonly since: number; readonly turnSince?: number };
  /** Where GitHub has it to merge: its queue and the place there as last read, or auto-merge. */
  readonly handedOver?: string;
  readonly pullRequest: { readonly number: number; readonly url: string; readonly head: string } | null;
  /** Commits of others on the branch, about which a person must decide. Absent without any, and until they were read. */
  readonly foreign?: ForeignView;
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
  /** The latest call to the present hold; absent if there is none. */
  readonly called?: CalledView;
  /** What keeps failing and is tried again by itself, also where no one waits for it; absent while nothing does. */
  readonly delays?: readonly string[];
  /** The account that Signalbox runs as, if it is a person's: it decides nothing on GitHub. */
  readonly ownLogin?: string;
  /** What is said about the required checks of CI; absent while there is nothing to say. */
  readonly checks?: readonly string[];
  /** What the issue says outside of the contract; absent without such a text. */
  readonly otherText?: string;
  readonly policy: string | null;
  readonly subject: string | null;
  readonly auditSeq: number;
  readonly auditHead: string;
  readonly archives: readonly string[];
  readonly actsReadTo: number;
  readonly commentsReadTo: number;
}

export interface ForeignView extends Pick<ForeignHead, 'head' | 'total' | 'commits'> {
  /** Why they cannot be adopted; `null` if they can. */
  readonly problem: string | null;
}

export interface CalledView {
  /** Mentions; empty if nobody could be mentioned. */
  readonly who: readonly string[];
  readonly rung: Rung;
  readonly at: number;
  /** What did not work, of the comment or of the webhook. */
  readonly problem?: string;
  /** The webhook took it. */
  readonly posted?: true;
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
  const own = state.ownLogin === undefined ? {} : { ownLogin: state.ownLogin };
  const late = state.delays === undefined ? {} : { delays: state.delays.map(delayText) };
  const other = state.subject?.contract.other;
  const told = other === undefined ? {} : { otherText: otherTextLine(other) };
  return {
    ...{ ...headOf(state), ...workOf(state), ...foreignOf(state), ...endOf(state) },
    ...{ ...calledOf(state), ...late, ...own, ...told, ...checksOf(state) },
  };
}

function checksOf(state: IssueState): Pick<IssueView, 'checks'> {
  const checks = checksLines(state);
  return checks.length === 0 ? {} : { checks };
}

function foreignOf(state: IssueState): Pick<IssueView, 'foreign'> {
  const known = foreignHead(state)?.known;
  if (known === undefined) return {};
  const { head, total, commits } = known;
  return { foreign: { head, total, commits, problem: adoptionProblem(known) ?? null } };
}

function calledOf(state: IssueState): Pick<IssueView, 'called'> {
  const hold = askNow(state)?.hold;
  const call = madeOf(state).findLast(made => made.hold === hold && !isCallAnswered(state, made));
  if (call === undefined) return {};
  const { who, rung, at, notice } = call;
  const untold = typeof notice === 'object' ? `webhook: ${notice.problem}` : undefined;
  const problem = [call.problem, untold].filter(text => text !== undefined).join('; ');
  return {
    called: {
      ...{ who, rung, at },
      ...(problem === '' ? {} : { problem }),
      ...(notice === 'posted' ? { posted: true } : {}),
    },
  };
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
  const target = targetBranch(state);
  return {
    branch: state.claim?.branch ?? null,
    base: currentBase(state) ?? null,
    ...(target === undefined ? {} : { target }),
    run: runView(state),
    runs: state.runs.length,
    change:
      change === undefined ? null : { commit: change.commit, files: change.files.length, diff: change.diff },
    ...mergeOf(state),
    evidence: evidence === undefined ? null : { digest: evidence.digest, concerns: evidence.concerns },
    pullRequest:
      pullRequest === undefined
        ? null
        : { number: pullRequest.number, url: pullRequest.url, head: pullRequest.head },
  };
}

function mergeOf(state: IssueState): Pick<IssueView, 'mergesInto' | 'carried' | 'line' | 'handedOver'> {
  const into = provenCandidate(state)?.base;
  const carried = carriedLines(state);
  return {
    ...(into === undefined ? {} : { mergesInto: into }),
    ...(carried.length === 0 ? {} : { carried }),
    ...(state.mergePlace === undefined ? {} : { line: lineOf(state.mergePlace) }),
    ...(isHandedOver(state) ? { handedOver: handOverText(state.handOver) } : {}),
  };
}

function lineOf({ target, joinedAt, turnAt }: MergePlace): NonNullable<IssueView['line']> {
  return { target, since: joinedAt, ...(turnAt === undefined ? {} : { turnSince: turnAt }) };
}

function delayText(delay: Delay): string {
  return `${delayLine(delay)}; ${nextTryLine(delay)}`;
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
