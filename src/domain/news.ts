/**
 * What a webhook's news can change for an issue. A push to a branch and a comment on a pull request wake every issue of the
 * repository; if each of them read its pull request, N changes would cost N² reads.
 */
import { branchOwner } from './branch.ts';
import { judgedChecks } from './checks.ts';
import { followsTarget } from './facts.ts';
import { isHandedOver } from './hand-over.ts';
import type { Facet, News } from './observation.ts';
import type { IssueState } from './state.ts';
import { targetBranch } from './target.ts';

/** The facets that may be other ones now. */
export function facetsOfNews(state: IssueState, news: News): readonly Facet[] {
  return isOfOthers(state, news) ? news.facets.filter(facet => concerns(state, facet, news)) : news.facets;
}

function isOfOthers(state: IssueState, { branch, pull }: News): boolean {
  if (branch === undefined && pull === undefined) return false;
  return !isOwnBranch(state, branch) && (pull === undefined || pull !== state.pullRequest?.number);
}

function isOwnBranch({ issue, claim }: IssueState, branch: string | undefined): boolean {
  if (branch === undefined) return false;
  return branch === claim?.branch || branchOwner(branch)?.issueNumber === issue.number;
}

function concerns(state: IssueState, facet: Facet, { branch }: News): boolean {
  switch (facet) {
    case 'branch':
      return isTarget(state, branch) && isTargetWatched(state);
    case 'checks':
      // What fails on the target branch as well is not the fault of the change.
      return judgedChecks(state).some(check => check.state === 'failed');
    case 'pull-request':
    case 'comments':
      // Ours may have been opened, and its number not be known yet.
      return state.pullRequest === undefined;
    case 'issue':
    case 'deployments':
      return true;
  }
}

function isTarget(state: IssueState, branch: string | undefined): boolean {
  const { repository } = state;
  const names = [targetBranch(state) ?? repository?.defaultBranch, repository?.target?.branch];
  return branch !== undefined && names.includes(branch);
}

/**
 * Where the target branch must be up to date, it is read for the merge itself. Otherwise only GitHub knows whether the pull
 * request can still be merged.
 */
function isTargetWatched(state: IssueState): boolean {
  return !followsTarget(state) || isHandedOver(state) || state.repository?.target?.isMissing === true;
}
