/** The activities as the workflows call them. Effects return facts. Results are small; texts are passed by digest. */
import type { AuditRecord } from '../domain/audit.ts';
import type { ObservedChecks } from '../domain/check-report.ts';
import type { KnownEdition } from '../domain/edition.ts';
import type { Digest } from '../domain/digest.ts';
import type { FactEvent } from '../domain/event.ts';
import type { IssueRef, RepositoryRef } from '../domain/issue-ref.ts';
import type {
  Account,
  EventsRead,
  Facet,
  LinesRead,
  Observation,
  ThreadRead,
} from '../domain/observation.ts';
import type { Candidate } from '../domain/state/publication.ts';
import type { Change, RunFacts, Verification } from '../domain/state/work.ts';
import type { RepositoryFacts } from '../domain/state/reading.ts';
import type { ThreadAnswer } from '../domain/thread-plan.ts';
import type { CallPlan, Effect, EffectKind, Notice, Projection, Reply } from '../domain/step.ts';

/** What any effect may need in addition to its plan. */
export interface EffectContext {
  readonly issue: IssueRef;
  readonly generation: number;
  /** Digest of the policy in the artifact store; absent until the policy is first read. */
  readonly policy?: Digest;
  readonly repository?: RepositoryFacts;
  /** It was sent before and kept failing: an earlier attempt may have written and lost the response. */
  readonly again?: true;
}

export interface EffectInput<K extends EffectKind> {
  readonly context: EffectContext;
  readonly effect: Extract<Effect, { kind: K }>;
}

type Fact<T extends FactEvent['type']> = Extract<FactEvent, { type: T }>;

export interface AssembleEvidenceInput extends EffectInput<'assemble-evidence'> {
  readonly run: RunFacts;
  readonly change: Change;
  readonly verification: Verification;
  /** Absent: the evidence is for the change alone. */
  readonly candidate?: Candidate;
}

export interface CheckReleaseInput extends EffectInput<'check-release'> {
  /** The merged commit whose change must still be there. Absent in requests of older builds: then only ancestry counts. */
  readonly change?: string;
  /** A person or GitHub's queue merged, in a way that is not known. */
  readonly byPerson?: true;
}

export interface LookInput {
  readonly context: EffectContext;
  readonly facets: readonly Facet[];
  readonly pullRequest?: number;
  /** The highest comment id that was already read. */
  readonly commentsReadTo: number;
  /** If the list of comments was long, only those since then are read. */
  readonly commentsSince?: string;
  /** Edits of comments up to that time, by GitHub's clock, were read. */
  readonly commentEditsReadTo?: string;
  /** Absent until comments of the pull request were read. */
  readonly pullCommentsRead?: ThreadRead;
  /** The status comment, if it is known. */
  readonly statusComment?: number;
  readonly reviewsSeen: number;
  /** The latest reviews that were judged, and when the last of them was submitted. Absent in looks of older builds. */
  readonly reviewsJudged?: readonly number[];
  readonly reviewsReadTo?: number;
  /** Those that are judged for good: they are left out. Absent without one, and in requests of older builds. */
  readonly reviewsSettled?: readonly number[];
  /** Absent until comments on lines were read. */
  readonly linesRead?: LinesRead;
  /** What the open question of the agent says: a comment that quotes it is its answer. Absent without one. */
  readonly questions?: readonly string[];
  /** The commits of any other head of the pull request are read. Absent before there is a pull request. */
  readonly branch?: KnownBranch;
  /** Whether GitHub still has what was handed over is read. */
  readonly handedOver?: true;
  /** Whether conversations are resolved is read: a rule of the target branch asks for it. */
  readonly threads?: true;
  /** Reviews that consist of suggestions are told apart: the policy lets them be applied. */
  readonly suggestions?: true;
  /** The head whose checks are read. Absent where none can be required. */
  readonly checks?: ChecksAsked;
  /** Who had opted in before `readTo`, the newest event then: without a later one, it is still their opt-in. */
  readonly optedIn?: { readonly by: Account; readonly readTo: EventsRead };
  /** Absent when no edit can void an approval: before the first reading, and after the merge. */
  readonly edition?: JudgedEdition;
}

export interface ChecksAsked {
  readonly head: string;
  /** The parent of the head: a check that fails there too was broken before. */
  readonly base: string;
  /** What an earlier look found for this head: it is asked for what may have changed since. */
  readonly known?: ObservedChecks;
}

export interface KnownBranch {
  /** The commit that we left on it. */
  readonly ours: string;
  readonly heads: readonly string[];
}

/** What is known of the issue's text, for which approvals are judged. */
export interface JudgedEdition extends KnownEdition {
  /** Reviews that count as approvals already. */
  readonly reviewsCounted: readonly number[];
  /** Then an edit before the approval may be unread. */
  readonly approvedOverTemporal: boolean;
}

export interface ProjectInput {
  readonly context: EffectContext;
  readonly projection: Projection;
  readonly digest: Digest;
  /** Id of the status comment; null if a look found none; absent if unknown. */
  readonly commentId?: number | null;
  /** Our labels that the last projection left on the issue. */
  readonly labelsBefore: readonly string[];
}

export interface ReplyInput {
  readonly context: EffectContext;
  readonly replies: readonly Reply[];
}

export interface AnswerThreadsInput {
  readonly context: EffectContext;
  readonly pullRequest: number;
  readonly answers: readonly ThreadAnswer[];
  readonly resolve?: true;
}

export interface CallInput {
  readonly context: EffectContext;
  readonly call: CallPlan;
}

export interface FoldCallInput {
  readonly context: EffectContext;
  readonly seq: number;
  readonly commentId: number;
}

export interface NotifyInput {
  readonly context: EffectContext;
  readonly notice: Notice;
}

export interface ArchiveInput {
  readonly context: EffectContext;
  readonly records: readonly AuditRecord[];
}

/** Task queue `signalbox`: every write to GitHub, and all git operations that build, judge and push a change. */
export interface SchedulerActivities {
  readPolicy(input: EffectInput<'read-policy'>): Promise<Fact<'policy-read'>>;
  claimBranch(input: EffectInput<'claim-branch'>): Promise<Fact<'claimed'>>;
  adoptCommits(
    input: EffectInput<'adopt-commits'>,
  ): Promise<Fact<'commits-adopted'> | Fact<'adoption-refused'>>;
  /** That they cannot be applied as they are written is a fact. */
  applySuggestions(
    input: EffectInput<'apply-suggestions'>,
  ): Promise<Fact<'suggestions-applied'> | Fact<'suggestions-refused'>>;
  buildChange(
    input: EffectInput<'build-change'>,
  ): Promise<Fact<'change-built'> | Fact<'change-refused'> | Fact<'change-outdated'>>;
  buildCandidate(
    input: EffectInput<'build-candidate'>,
  ): Promise<Fact<'candidate-built'> | Fact<'merge-conflict'>>;
  buildAhead(input: EffectInput<'build-ahead'>): Promise<Fact<'ahead-built'>>;
  readArrival(input: EffectInput<'read-arrival'>): Promise<Fact<'arrived'>>;
  assembleEvidence(input: AssembleEvidenceInput): Promise<Fact<'evidence-assembled'>>;
  pushCommit(input: EffectInput<'push-commit'>): Promise<Fact<'pushed'> | Fact<'branch-moved'>>;
  publishEvidence(input: EffectInput<'publish-evidence'>): Promise<Fact<'evidence-published'>>;
  openPullRequest(input: EffectInput<'open-pull-request'>): Promise<Fact<'pull-request-opened'>>;
  /** Marks our draft as ready for review. Done already: it is a fact. */
  markReady(input: EffectInput<'mark-ready'>): Promise<Fact<'marked-ready'>>;
  /** Asks GitHub to run a failed check again. That GitHub refuses it is a fact. */
  rerunCheck(input: EffectInput<'rerun-check'>): Promise<Fact<'check-rerun'>>;
  /** Starts the line of merges if there is none. */
  joinLine(input: EffectInput<'join-line'>): Promise<Fact<'line-joined'>>;
  mergePullRequest(input: EffectInput<'merge'>): Promise<Fact<'merged'>>;
  /** Lets GitHub merge the approved head. Done already: it is a fact. */
  handOverMerge(
    input: EffectInput<'hand-over-merge'>,
  ): Promise<Fact<'handed-over'> | Fact<'hand-over-needless'>>;
  takeBackMerge(input: EffectInput<'take-back-merge'>): Promise<Fact<'taken-back'>>;
  checkRelease(input: CheckReleaseInput): Promise<Fact<'release-checked'>>;
  releaseClaim(input: EffectInput<'release-claim'>): Promise<Fact<'claim-released'>>;
  closeIssue(input: EffectInput<'close-issue'>): Promise<Fact<'issue-closed'>>;
  look(input: LookInput): Promise<Observation>;
  writeProjection(input: ProjectInput): Promise<Fact<'projected'>>;
  /** Answers comments with refused commands, each once. */
  writeReplies(input: ReplyInput): Promise<Fact<'replied'>>;
  /** Answers threads of the pull request, each once. */
  answerThreads(input: AnswerThreadsInput): Promise<Fact<'threads-answered'>>;
  /** Mentions who must act in a new comment, asks for reviews and assigns. */
  callPeople(input: CallInput): Promise<Fact<'called'>>;
  /** Removes the comment of a call. */
  foldCall(input: FoldCallInput): Promise<Fact<'call-folded'>>;
  /** Posts to the operator's webhook. */
  notifyWebhook(input: NotifyInput): Promise<Fact<'notified'>>;
  archiveAudit(input: ArchiveInput): Promise<Fact<'audit-archived'>>;
}

/** Task queue `signalbox-runner`: long activities with heartbeats, never retried by Temporal. */
export interface RunnerActivities {
  runAgent(input: EffectInput<'run-agent'>): Promise<Fact<'run-ended'>>;
  verifyChange(input: EffectInput<'verify-change'>): Promise<Fact<'verified'>>;
  verifyCandidate(input: EffectInput<'verify-candidate'>): Promise<Fact<'candidate-verified'>>;
  verifyAhead(input: EffectInput<'verify-ahead'>): Promise<Fact<'ahead-verified'>>;
}

export interface ScanActivities {
  /** Finds the issues with the opt-in label; none when GitHub answers 304. */
  scanRepository(input: { readonly repository: RepositoryRef }): Promise<ScanFindings>;
  /** Starts or pokes each issue's workflow, or starts the next generation of an ended one. */
  startIssues(
    input: { readonly repository: RepositoryRef } & ScanFindings,
  ): Promise<{ readonly started: number }>;
}

export interface ScanFindings {
  /** The opt-in label of the policy. */
  readonly label: string;
  /** True for a full scan: then changes that leave the issue itself unchanged, such as a review, are looked for too. */
  readonly full: boolean;
  readonly issues: readonly FoundIssue[];
}

/** An issue as the list of issues shows it. */
export interface FoundIssue {
  readonly number: number;
  /** Digest of everything in the list entry: differs after every change, even after two within one second of GitHub's clock. */
  readonly digest: Digest;
  readonly hasComments: boolean;
}
