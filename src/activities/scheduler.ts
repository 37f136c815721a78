/** All activities of the scheduler worker, built from its ports. */
import type { SchedulerActivities } from '../contracts/activities.ts';
import { effect } from './effect.ts';
import type { SchedulerPorts } from './scheduler/ports.ts';
import { adoptCommits } from './scheduler/adopt.ts';
import { applySuggestions } from './scheduler/apply-suggestions.ts';
import { answerThreads } from './scheduler/answer-threads.ts';
import { archiveAudit } from './scheduler/audit.ts';
import { callPeople, foldCall } from './scheduler/calls.ts';
import { buildAhead } from './scheduler/ahead.ts';
import { buildCandidate, readArrival } from './scheduler/candidate.ts';
import { buildChange } from './scheduler/build-change.ts';
import { claimBranch, releaseClaim } from './scheduler/claim.ts';
import { closeIssue } from './scheduler/close.ts';
import { assembleEvidence } from './scheduler/evidence.ts';
import { handOverMerge, takeBackMerge } from './scheduler/hand-over.ts';
import { joinLine } from './scheduler/join-line.ts';
import { look } from './scheduler/look.ts';
import { mergePullRequest } from './scheduler/merge.ts';
import { readPolicy } from './scheduler/policy.ts';
import { writeProjection } from './scheduler/projection.ts';
import { markReady } from './scheduler/mark-ready.ts';
import { notifyWebhook } from './scheduler/notify.ts';
import { publishEvidence } from './scheduler/publish-evidence.ts';
import { openPullRequest } from './scheduler/pull-request.ts';
import { pushCommit } from './scheduler/push.ts';
import { rerunCheck } from './scheduler/rerun-check.ts';
import { checkRelease } from './scheduler/release.ts';
import { writeReplies } from './scheduler/replies.ts';

export function schedulerActivities(ports: SchedulerPorts): SchedulerActivities {
  return {
    readPolicy: effect(readPolicy(ports)),
    claimBranch: effect(claimBranch(ports)),
    adoptCommits: effect(adoptCommits(ports)),
    applySuggestions: effect(applySuggestions(ports)),
    buildChange: effect(buildChange(ports)),
    buildCandidate: effect(buildCandidate(ports)),
    buildAhead: effect(buildAhead(ports)),
    handOverMerge: effect(handOverMerge(ports)),
    takeBackMerge: effect(takeBackMerge(ports)),
    readArrival: effect(readArrival(ports)),
    assembleEvidence: effect(assembleEvidence(ports)),
    pushCommit: effect(pushCommit(ports)),
    publishEvidence: effect(publishEvidence(ports)),
    openPullRequest: effect(openPullRequest(ports)),
    markReady: effect(markReady(ports)),
    rerunCheck: effect(rerunCheck(ports)),
    joinLine: effect(joinLine(ports)),
    mergePullRequest: effect(mergePullRequest(ports)),
    checkRelease: effect(checkRelease(ports)),
    releaseClaim: effect(releaseClaim(ports)),
    closeIssue: effect(closeIssue(ports)),
    look: effect(look(ports)),
    writeProjection: effect(writeProjection(ports)),
    writeReplies: effect(writeReplies(ports)),
    answerThreads: effect(answerThreads(ports)),
    callPeople: effect(callPeople(ports)),
    foldCall: effect(foldCall(ports)),
    notifyWebhook: effect(notifyWebhook(ports)),
    archiveAudit: effect(archiveAudit(ports)),
  };
}
