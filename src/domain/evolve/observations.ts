/** Compares what a look found with the state. A person's act always wins; the drift rules are here. */
import { type Actor } from '../actor.ts';
import { areChecksReadable } from '../checks.ts';
import { withDue, withRead } from '../due.ts';
import { isSameEdition, sameEdition } from '../edition.ts';
import type { EventBody } from '../event.ts';
import { stageOf } from '../facts.ts';
import { openDeployments } from '../merge-obstacle.ts';
import { facetsOfNews } from '../news.ts';
import type { Facet, IssueReading, News, ObservedIssue } from '../observation.ts';
import { omit } from '../omit.ts';
import type { IssueState } from '../state.ts';
import { onChecks } from './checks.ts';
import { onComments, onPullComments } from './comments.ts';
import { onLinesRead } from './threads.ts';
import { onPullRequest } from './pull-requests.ts';
import { actorOf } from './person.ts';
import { chain, type Noted, type Reduced } from './result.ts';
import { onTarget } from './target.ts';

const GITHUB: Actor = { kind: 'outside', what: 'GitHub' };

/**
 * A poke says that something may have changed, never what. The release has its own effect for reading. If reading had
 * stopped, or no policy could be read, the scheduler tries again: the poke may announce the fix.
 */
export function onPoked(state: IssueState, news: News): Reduced {
  const facets = facetsOfNews(state, news);
  const isDue = (facet: Facet): boolean =>
    (facets.includes(facet) && (facet !== 'checks' || areChecksReadable(state))) ||
    (facet === 'checks' && facets.includes('deployments') && openDeployments(state).length > 0) ||
    (facet === 'pull-request' && facets.includes('branch') && hasPullRequest(state));
  const due = withDue({ ...state, upkeepStopped: false, archiveStopped: false }, [
    ...READ_BY_LOOKS.filter(isDue),
    ...(facets.includes('branch') && isTargetMissing(state) ? (['branch'] as const) : []),
  ]);
  // News of a deployment may arrive before the result of our merge.
  const releaseDue =
    state.releaseDue || (facets.includes('deployments') && (state.merge ?? state.mergeSent) !== undefined);
  const isRead = releaseDue && state.sent?.kind === 'check-release';
  const next = { ...due, releaseDue, ...(isRead ? { releaseNews: true } : {}) };
  return { state: state.policy === undefined ? omit(next, 'blocked') : next };
}

const isTargetMissing = ({ repository }: IssueState): boolean => repository?.target?.isMissing === true;

/** Without a pull request, news about the claim branch is only our own push. */
function hasPullRequest({ pullRequest, sent }: IssueState): boolean {
  return pullRequest !== undefined || sent?.kind === 'open-pull-request';
}

/** Of branches, a look reads only a missing target branch. */
const READ_BY_LOOKS: readonly Facet[] = ['issue', 'comments', 'pull-request', 'checks'];

export function onObserved(
  state: IssueState,
  { observation, mark }: Extract<EventBody, { type: 'observed' }>,
): Reduced {
  const { facets, issue, pullRequest, comments, pullComments, lines, target, checks } = observation;
  return [
    (noted: Noted) => chain(noted, s => onIssue(s, issue)),
    (noted: Noted) => chain(noted, s => onPullRequest(s, pullRequest)),
    (noted: Noted) => chain(noted, s => onLinesRead(s, lines)),
    (noted: Noted) => chain(noted, s => onComments(s, comments)),
    (noted: Noted) => chain(noted, s => onPullComments(s, pullComments)),
    (noted: Noted) => chain(noted, s => onTarget(s, target)),
    (noted: Noted) => chain(noted, s => onChecks(s, checks)),
  ].reduce<Noted>((noted, read) => read(noted), { state: withRead(state, facets, mark) });
}

function onIssue(state: IssueState, issue: IssueReading | undefined): Noted {
  // An issue that left does not return to the same generation.
  if (issue === undefined || stageOf(state) === 'left') return { state };
  if ('gone' in issue) {
    if (state.gone === issue.gone) return { state };
    return {
      state: { ...state, gone: issue.gone },
      note: { cause: `the issue is ${issue.gone}`, actor: GITHUB },
    };
  }
  const before = state.subject;
  const actsReadTo = Math.max(state.actsReadTo, issue.lastAct ?? 0);
  const isKnown = isSameEdition(before, issue);
  const read = { ...omit(state, 'gone'), subject: isKnown ? sameEdition(issue, before) : issue, actsReadTo };
  const noted = chain({ state: read }, s => onOpenOrClosed(s, issue));
  if (noted.note !== undefined || isKnown) return noted;
  return {
    ...noted,
    note: { cause: textCause(before, issue), actor: GITHUB, digests: { subject: issue.digest } },
  };
}

function textCause(before: ObservedIssue | undefined, issue: ObservedIssue): string {
  if (before === undefined) return 'the issue was read';
  return before.digest === issue.digest ? 'the issue was edited and restored' : 'the issue was edited';
}

function onOpenOrClosed(state: IssueState, issue: ObservedIssue): Noted {
  return issue.state === 'open' ? onOpen(state) : onClosed(state, issue);
}

/** Reopened after the merge but before verification: the issue is closed again when the release is verified. */
function onOpen(state: IssueState): Noted {
  const { merge, closedAt, verifiedAt } = state;
  if (merge === undefined || closedAt === undefined || verifiedAt !== undefined) return { state };
  return { state: omit(state, 'closedAt'), note: { cause: 'the issue was reopened', actor: GITHUB } };
}

/**
 * Closed by someone else before the merge: the work ends, unless the pull request is found merged. After the merge the
 * scheduler just does not need to close the issue.
 */
function onClosed(state: IssueState, { closedBy }: ObservedIssue): Noted {
  if (state.closedAt !== undefined || state.cancelled !== undefined) return { state };
  const closed = { ...state, closedAt: state.at };
  if (state.merge !== undefined) return { state: closed };
  const actor = closedBy === undefined ? GITHUB : actorOf(closedBy);
  const cancelled = { ...closed, cancelled: { by: actor, reason: 'the issue was closed' } };
  return {
    state: state.pullRequest === undefined ? cancelled : withDue(cancelled, ['pull-request']),
    note: {
      cause: 'the issue was closed',
      actor,
      ...(actor.kind === 'person' || closedBy === undefined ? { judgement: 'product' as const } : {}),
    },
  };
}
