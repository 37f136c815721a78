/** What no event may do: change a settled fact, accept an answer that no effect asked for, or act after the end. */
import type { Event, FactEvent } from '../../../src/domain/event.ts';
import { stageOf } from '../../../src/domain/facts.ts';
import { nextStep } from '../../../src/domain/next-step.ts';
import { isEnd } from '../../../src/domain/stage.ts';
import type { IssueState } from '../../../src/domain/state.ts';
import type { EffectKind } from '../../../src/domain/step.ts';
import { refusals } from './rules.ts';
import { must } from './invariants.ts';
import type { Approval } from '../../../src/domain/state/people.ts';
import { factsOf } from './known.ts';
import { changeNow, targetNow, targetsNamed } from './oracle.ts';

const ENDS_UPKEEP: readonly Event['type'][] = [
  'projected',
  'replied',
  'call-folded',
  'audit-archived',
  'line-left',
  'turn-given',
  'upkeep-failed',
  'upkeep-delayed',
];

export function checkFacts(before: IssueState, event: Event, after: IssueState): void {
  checkSettled(before, after);
  checkClaim(before, event, after);
  checkCommits(before, after);
  checkAskedFor(before, event, after);
  checkStage(after);
  checkSource(before, event, after);
  checkFresh(before, event, after);
  must('16 audit', after.audit.nextSeq >= before.audit.nextSeq, 'the sequence number went back');
  must('20 seen once', new Set(after.decisionsSeen).size === after.decisionsSeen.length, 'taken twice');
  const wasOver = nextStep(before).kind === 'end';
  const isUpkeep = ENDS_UPKEEP.includes(event.type);
  must('20 over', !wasOver || isUpkeep || factsOf(before) === factsOf(after), `${event.type} after the end`);
}

/** Facts that never change once they are there. */
function checkSettled(before: IssueState, after: IssueState): void {
  must('4 one merge', before.merge === undefined || before.merge === after.merge, 'the merge changed');
  must(
    '2 one pull request',
    before.pullRequest === undefined || before.pullRequest.number === after.pullRequest?.number,
    'another pull request',
  );
  must(
    '6 release',
    before.verifiedAt === undefined || before.verifiedAt === after.verifiedAt,
    'verified twice',
  );
  const [were, are] = [before.runs.length, after.runs.length];
  must('3 one run', are <= were + 1 && are >= were, 'runs vanish');
  must('3 one run', after.runs.filter(run => run.end === undefined).length <= 1, 'two runs are live');
  for (const run of before.runs) {
    const isKept = run.end === undefined || after.runs.some(({ end }) => end === run.end);
    must('3 one run', isKept, `${run.runId} ended twice`);
  }
}

/** Only a person's word moves it to the target that is named now. */
function checkClaim(before: IssueState, { type }: Event, after: IssueState): void {
  const [was, is] = [before.claim, after.claim];
  if (was === undefined || was === is) return;
  must('5 one claim', was.branch === is?.branch && was.base === is.base, 'another claim');
  const [named = after.repository?.defaultBranch] = targetsNamed(after);
  must('4 one target', named === targetNow(after) && before.merge === undefined, 'the claim moved by itself');
  must('4 one target', type === 'decision' || type === 'observed', `the claim moved by ${type}`);
}

/** The verified, described and pushed commit is the change that was built by a known run. */
function checkCommits(before: IssueState, after: IssueState): void {
  const commit = after.change?.commit;
  const isOf = (name: 'verification' | 'evidence', of: string | undefined): void =>
    must('4 one commit', before[name] === after[name] || of === commit, `the ${name} is of another commit`);
  isOf('verification', after.verification?.commit);
  // Evidence says where its commit goes: it is assembled again for another target.
  const isMoved = after.evidence === undefined && before.claim?.into !== after.claim?.into;
  isOf('evidence', isMoved ? commit : after.evidence?.commit);
  const { candidate } = after;
  const isSet = candidate !== undefined && candidate !== before.candidate;
  must('4 one commit', !isSet || candidate.head === commit, 'the merge is of another commit');
  must(
    '4 one commit',
    before.pushed === after.pushed || after.pushed === commit,
    'another commit was pushed',
  );
  const { change } = after;
  // Only a commit that cannot be used as it is may be dropped, before a merge.
  const isUnusable = before.blocked?.rebuild === true || refusals(before).includes('signed');
  const isDropped = change === undefined && isUnusable && before.merge === undefined;
  const isOurs =
    change === before.change || isDropped || after.runs.some(({ runId }) => runId === change?.runId);
  must('4 one commit', isOurs, 'a change of an unknown run was built');
}

const BROUGHT_BY: Readonly<Partial<Record<FactEvent['type'], EffectKind>>> = {
  'policy-read': 'read-policy',
  claimed: 'claim-branch',
  'run-ended': 'run-agent',
  'commits-adopted': 'adopt-commits',
  'adoption-refused': 'adopt-commits',
  'suggestions-applied': 'apply-suggestions',
  'suggestions-refused': 'apply-suggestions',
  'change-built': 'build-change',
  'change-refused': 'build-change',
  'change-outdated': 'build-change',
  verified: 'verify-change',
  'candidate-built': 'build-candidate',
  'merge-conflict': 'build-candidate',
  'candidate-verified': 'verify-candidate',
  'ahead-built': 'build-ahead',
  'ahead-verified': 'verify-ahead',
  'evidence-assembled': 'assemble-evidence',
  pushed: 'push-commit',
  'branch-moved': 'push-commit',
  'evidence-published': 'publish-evidence',
  'pull-request-opened': 'open-pull-request',
  'marked-ready': 'mark-ready',
  'line-joined': 'join-line',
  merged: 'merge',
  arrived: 'read-arrival',
  'release-checked': 'check-release',
  'issue-closed': 'close-issue',
  'claim-released': 'release-claim',
};

/** 20: an answer is for the effect in flight, and an effect starts only when none is in flight. */
function checkAskedFor(before: IssueState, event: Event, after: IssueState): void {
  const { sent } = before;
  const isAnswer = event.type in BROUGHT_BY;
  const by = isAnswer ? BROUGHT_BY[event.type as FactEvent['type']] : effectOf(event);
  if (by === undefined) return;
  const isFit = event.type === 'step-started' ? sent === undefined : sent?.kind === by;
  must('20 asked for', isFit || factsOf(before) === factsOf(after), `${event.type} of a ${by} not in flight`);
}

function effectOf(event: Event): EffectKind | undefined {
  return 'effect' in event ? event.effect.kind : undefined;
}

/** 6: each stage follows from facts. */
function checkStage(state: IssueState): void {
  const stage = stageOf(state);
  const { merge, verifiedAt, gone, cancelled, pullRequest, pushed, runs, claim } = state;
  const stands: Readonly<Record<typeof stage, boolean>> = {
    triage: runs.length === 0 && claim === undefined,
    claimed: claim !== undefined,
    working: runs.length > 0,
    pr: pullRequest !== undefined && pushed !== undefined && pushed === changeNow(state)?.commit,
    merged: merge !== undefined && verifiedAt === undefined,
    'release-verified': merge !== undefined && verifiedAt !== undefined,
    delivered: merge === undefined && state.deliveredAt !== undefined,
    cancelled: cancelled !== undefined && merge === undefined,
    left: (gone === 'transferred' || gone === 'deleted') && merge === undefined,
  };
  must('6 stage', stands[stage], `${stage} does not follow from the facts`);
  must('6 stage', merge === undefined || stage === 'merged' || isEnd(stage), `${stage} after the merge`);
  must('6 stage', merge !== undefined || cancelled === undefined || isEnd(stage), `${stage} after a cancel`);
}

/** 6: merged by the answer to our merge, or as GitHub shows it; closed likewise. */
function checkSource(before: IssueState, event: Event, after: IssueState): void {
  const { merge } = after;
  if (before.merge === undefined && merge !== undefined) {
    const shown = event.type === 'observed' ? event.observation.pullRequest?.merged?.commit : undefined;
    const told = event.type === 'merged' ? event.commit : undefined;
    must('6 stage', merge.commit === (shown ?? told), `merged by ${event.type}`);
    const isAsked = event.type !== 'merged' || before.mergeSent?.head === merge.head;
    must('4 one merge', isAsked, 'another head was merged than requested');
    if (event.type === 'observed') checkMerger(before, event, after);
  }
  checkClosed(before, event, after);
}

/** 7: a merge that a bot did is nobody's judgement but that of a person who approved just this head. */
function checkMerger(
  before: IssueState,
  event: Extract<Event, { type: 'observed' }>,
  after: IssueState,
): void {
  const { merged } = event.observation.pullRequest ?? {};
  const { merge, approvals } = after;
  if (!merged || merge === undefined || before.mergeSent?.head === merge.head) return;
  const isBot = (merged.type ?? 'User') !== 'User' || merged.by.endsWith('[bot]');
  const person = merge.by.kind === 'person' ? merge.by.login : undefined;
  if (!isBot) must('7 merger', person === merged.by && merge.through === undefined, `merged by ${person}`);
  else {
    const isGiven = approvals.some(
      ({ gate, by, bound }) =>
        gate === 'merge' && by.kind === 'person' && by.login === person && bound['head'] === merge.head,
    );
    must('7 merger', person === undefined || isGiven, `${person} did not approve what ${merged.by} merged`);
    must('7 merger', merge.through === (isGiven ? merged.by : undefined), 'the bot is not named');
    const isCounted = after.audit.records.some(
      ({ judgement, digests }) => digests['merge'] === merge.commit && judgement === 'engineering',
    );
    must('7 merger', isCounted === (person !== undefined), 'the judgement of a bot is recorded');
  }
}

/** 6: closed by us, or as GitHub shows it; cancelled from outside only if it is closed on GitHub. */
function checkClosed(before: IssueState, event: Event, after: IssueState): void {
  const { observation } = event.type === 'observed' ? event : {};
  const seen =
    observation?.issue !== undefined && 'state' in observation.issue ? observation.issue.state : undefined;
  if (before.closedAt === undefined && after.closedAt !== undefined)
    must('6 stage', event.type === 'issue-closed' || seen === 'closed', `closed by ${event.type}`);
  if (before.cancelled === undefined && after.cancelled?.by.kind === 'outside')
    must('6 stage', seen === 'closed', `cancelled although the issue is ${seen ?? 'unread'}`);
}

/** 7: a review counts only if it was submitted after the latest edit of the issue that was read by then. */
function checkFresh(before: IssueState, event: Event, after: IssueState): void {
  if (event.type !== 'observed') return;
  const editedAt = after.subject?.edits?.lastAt;
  for (const { reviewId, submittedAt } of event.observation.pullRequest?.reviews ?? []) {
    const isIt = ({ review }: Approval): boolean => review === reviewId;
    const isNew = after.approvals.some(isIt) && !before.approvals.some(isIt);
    const isLate = editedAt === undefined || submittedAt === undefined || submittedAt > editedAt;
    must('7 fresh', !isNew || isLate, `review ${reviewId} is older than the latest edit`);
    const { evidence, provenAt = 0 } = after.candidate ?? {};
    const isForMerge = after.approvals.some(
      one => isIt(one) && one.carried === undefined && one.bound.evidence === evidence?.digest,
    );
    const isBefore = evidence !== undefined && submittedAt !== undefined && submittedAt <= provenAt;
    must('7 fresh', !isNew || !isForMerge || !isBefore, `review ${reviewId} is older than what it approves`);
  }
}
