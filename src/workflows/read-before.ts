/** What earlier looks have read: a look reads only what is new in long lists. */
import type { LookInput } from '../contracts/activities.ts';
import { knownHeads, ownHead } from '../domain/adoption.ts';
import { areChecksReadable } from '../domain/checks.ts';
import type { KnownEdition } from '../domain/edition.ts';
import { settledReviews } from '../domain/evolve/reviews.ts';
import { currentBase, currentChange } from '../domain/facts.ts';
import { isHandedOver } from '../domain/hand-over.ts';
import { rulesNow } from '../domain/merge-obstacle.ts';
import type { ObservedIssue } from '../domain/observation.ts';
import { omit } from '../domain/omit.ts';
import { questionsOpen } from '../domain/quoted-answer.ts';
import type { IssueState } from '../domain/state.ts';

export function readBefore(state: IssueState): Omit<LookInput, 'context' | 'facets'> {
  const { pullRequest, subject, merge, approvals } = state;
  return {
    ...(pullRequest === undefined ? {} : { pullRequest: pullRequest.number }),
    ...commentsBefore(state),
    ...reviewsBefore(state),
    ...asked(state),
    ...branchBefore(state),
    ...(rulesNow(state)?.threadsResolved === true ? { threads: true } : {}),
    ...(isHandedOver(state) && state.handOver.isSent !== true ? { handedOver: true } : {}),
    ...checksBefore(state),
    ...(subject === undefined ? {} : optedInBefore(subject)),
    ...(subject === undefined || merge !== undefined ? {} : { edition: judgedEdition(subject, approvals) }),
  };
}

function asked(state: IssueState): Pick<LookInput, 'questions'> {
  const questions = questionsOpen(state);
  return questions.length === 0 ? {} : { questions };
}

function reviewsBefore(state: IssueState) {
  const { reviewsSeen, reviewsJudged, reviewsReadTo, linesRead, policy } = state;
  const reviewsSettled = settledReviews(state);
  return {
    reviewsSeen,
    ...(reviewsSettled.length === 0 ? {} : { reviewsSettled }),
    ...(reviewsReadTo === undefined ? {} : { reviewsJudged, reviewsReadTo }),
    ...(linesRead === undefined ? {} : { linesRead }),
    ...(policy?.review?.suggestions === true ? { suggestions: true as const } : {}),
  };
}

function branchBefore(state: IssueState): Pick<LookInput, 'branch'> {
  const ours = ownHead(state);
  if (state.pullRequest === undefined || ours === undefined) return {};
  return { branch: { ours, heads: knownHeads(state) } };
}

function checksBefore(state: IssueState): Pick<LookInput, 'checks'> {
  const change = currentChange(state);
  const base = currentBase(state);
  const { checks } = state;
  if (change === undefined || base === undefined || !areChecksReadable(state)) return {};
  const { commit: head } = change;
  return {
    checks: {
      head,
      base,
      ...(checks?.head === head ? { known: omit(checks, 'since', 'readAt', 'times') } : {}),
    },
  };
}

function commentsBefore(state: IssueState) {
  const { commentsReadTo, commentsSince, commentEditsReadTo, pullCommentsRead } = state;
  const statusComment = state.projected?.commentId ?? state.statusComment ?? undefined;
  return {
    commentsReadTo,
    ...(commentsSince === undefined ? {} : { commentsSince }),
    ...(commentEditsReadTo === undefined ? {} : { commentEditsReadTo }),
    ...(pullCommentsRead === undefined ? {} : { pullCommentsRead }),
    ...(statusComment === undefined ? {} : { statusComment }),
  };
}

function optedInBefore({ optIn, eventsReadTo: readTo }: ObservedIssue): Pick<LookInput, 'optedIn'> {
  return optIn === null || readTo === undefined ? {} : { optedIn: { by: optIn.by, readTo } };
}

function judgedEdition(
  { edits, updatedAt }: KnownEdition,
  approvals: IssueState['approvals'],
): NonNullable<LookInput['edition']> {
  return {
    ...(edits === undefined ? {} : { edits }),
    ...(updatedAt === undefined ? {} : { updatedAt }),
    reviewsCounted: approvals.flatMap(({ review }) => review ?? []),
    approvedOverTemporal: approvals.some(({ by }) => by.kind === 'person' && by.how === 'temporal'),
  };
}
