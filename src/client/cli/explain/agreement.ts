/** Whether what the workflow believes and what stands at GitHub agree, and every point where they do not. */
import { LABEL_PREFIX } from '../../../domain/projection.ts';
import { shownOf } from '../../../domain/shown.ts';
import { isEnd } from '../../../domain/stage.ts';
import type { IssueView } from '../../../domain/view.ts';
import type { PullSummary } from '../../../github/pulls.ts';
import { count, plain, shortCommit } from '../render/text.ts';
import type { GitHubFacts } from './github-facts.ts';

/** Empty when all agrees. The scheduler compares the same things whenever it looks. */
export function disagreements(view: IssueView, facts: GitHubFacts): readonly string[] {
  const shown = shownOf(facts.issue, view);
  return [
    ...(shown === undefined
      ? []
      : [...labelsDiffer(shown.labels, facts), ...commentsDiffer(shown.marker, facts)]),
    ...branchesDiffer(view, facts),
    ...pullsDiffer(view, facts),
  ];
}

/** Labels of ours that are missing or left over; others by our prefix are compared too, as nobody else should give them. */
function labelsDiffer(wanted: readonly string[], { issue }: GitHubFacts): readonly string[] {
  const present = issue.labels
    .map(label => label.toLowerCase())
    .filter(label => label.startsWith(LABEL_PREFIX));
  return [
    ...wanted.filter(label => !present.includes(label)).map(label => `the label ${label} is missing`),
    ...present
      .filter(label => !wanted.includes(label))
      .map(label => `the label ${plain(label)} is left over`),
  ];
}

/** Anyone may copy a marker, so a second comment is worth saying, not more. */
function commentsDiffer(marker: string, { statusComments }: GitHubFacts): readonly string[] {
  const found = statusComments.filter(body => body.includes(marker)).length;
  if (found === 0) return ['the status comment is missing'];
  return found === 1 ? [] : [`there are ${found} comments with the marker of the status comment`];
}

/** Once the life has ended, the branch may be gone or kept: both are as people like it. */
function branchesDiffer(view: IssueView, { branches }: GitHubFacts): readonly string[] {
  const others = branches
    .filter(({ branch }) => branch !== view.branch)
    .map(({ branch }) => `the branch ${plain(branch)} is not of this generation's work`);
  if (view.branch === null || isEnd(view.stage) || view.merge !== null) return others;
  const ours = branches.find(({ branch }) => branch === view.branch);
  if (ours === undefined) return [...others, `the branch ${plain(view.branch)} is gone`];
  const expected = [view.base, view.change?.commit, view.pullRequest?.head];
  return expected.includes(ours.sha)
    ? others
    : [...others, `the branch ${plain(ours.branch)} is at ${shortCommit(ours.sha)}, which is not ours`];
}

function pullsDiffer(view: IssueView, { pulls }: GitHubFacts): readonly string[] {
  const { pullRequest, merge } = view;
  const strangers = pulls
    .filter(({ number, state }) => number !== pullRequest?.number && state === 'open')
    .map(({ number }) => `pull request #${number} comes from our branch and is not the workflow's`);
  if (pullRequest === null) return strangers;
  const ours = pulls.find(({ number }) => number === pullRequest.number);
  if (ours === undefined) return [...strangers, `pull request #${pullRequest.number} cannot be found`];
  return [...strangers, ...pullDiffers(ours, pullRequest.head, merge !== null)];
}

function pullDiffers(pull: PullSummary, head: string, merged: boolean): readonly string[] {
  const name = `pull request #${pull.number}`;
  if (pull.merged !== merged)
    return [`${name} is ${pull.merged ? 'merged, which the workflow does not know' : 'not merged'}`];
  if (!merged && pull.state === 'closed') return [`${name} is closed`];
  return pull.headSha === head || merged
    ? []
    : [`${name} is at ${shortCommit(pull.headSha)}, the workflow at ${shortCommit(head)}`];
}

/** What was compared, for the answer that says yes. */
export function compared({ pulls, branches }: GitHubFacts): string {
  const branch = branches.length === 1 ? '1 branch' : `${branches.length} branches`;
  return `labels, status comment, ${branch}, ${count(pulls.length, 'pull request')}`;
}
