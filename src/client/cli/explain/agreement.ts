/** Lists every difference between the workflow's state and GitHub. */
import { LABEL_PREFIX } from '../../../domain/projection.ts';
import { shownOf } from '../../../domain/shown.ts';
import { isEnd } from '../../../domain/stage.ts';
import type { IssueView } from '../../../domain/view.ts';
import type { PullSummary } from '../../../github/pulls.ts';
import { count, plain, shortCommit } from '../render/text.ts';
import type { GitHubFacts } from './github-facts.ts';

/** Empty when everything matches. The scheduler compares the same points at every look. */
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

/** Compares all labels with our prefix, as only Signalbox should add them. */
function labelsDiffer(wanted: readonly string[], { issue }: GitHubFacts): readonly string[] {
  const present = issue.labels
    .map(label => label.toLowerCase())
    .filter(label => label.startsWith(LABEL_PREFIX));
  return [
    ...wanted.filter(label => !present.includes(label)).map(label => `the label ${label} is missing`),
    ...present.filter(label => !wanted.includes(label)).map(label => `the label ${plain(label)} is outdated`),
  ];
}

/** Anyone can copy a marker, so a second comment is only reported. */
function commentsDiffer(marker: string, { statusComments }: GitHubFacts): readonly string[] {
  const found = statusComments.filter(body => body.includes(marker)).length;
  if (found === 0) return ['the status comment is missing'];
  return found === 1 ? [] : [`${found} comments have the marker of the status comment`];
}

/** After the end or the merge, people may keep or delete the branch. */
function branchesDiffer(view: IssueView, { branches }: GitHubFacts): readonly string[] {
  const others = branches
    .filter(({ branch }) => branch !== view.branch)
    .map(({ branch }) => `the branch ${plain(branch)} belongs to another generation`);
  if (view.branch === null || isEnd(view.stage) || view.merge !== null) return others;
  const ours = branches.find(({ branch }) => branch === view.branch);
  if (ours === undefined) return [...others, `the branch ${plain(view.branch)} is missing`];
  const expected = [view.base, view.change?.commit, view.pullRequest?.head];
  return expected.includes(ours.sha)
    ? others
    : [
        ...others,
        `the branch ${plain(ours.branch)} is at ${shortCommit(ours.sha)}, which Signalbox did not push`,
      ];
}

function pullsDiffer(view: IssueView, { pulls }: GitHubFacts): readonly string[] {
  const { pullRequest, merge } = view;
  const strangers = pulls
    .filter(({ number, state }) => number !== pullRequest?.number && state === 'open')
    .map(({ number }) => `pull request #${number} is from our branch, but the workflow did not open it`);
  if (pullRequest === null) return strangers;
  const ours = pulls.find(({ number }) => number === pullRequest.number);
  if (ours === undefined) return [...strangers, `pull request #${pullRequest.number} is missing`];
  return [...strangers, ...pullDiffers(ours, pullRequest.head, merge !== null)];
}

function pullDiffers(pull: PullSummary, head: string, merged: boolean): readonly string[] {
  const name = `pull request #${pull.number}`;
  if (pull.merged !== merged)
    return [
      `${name} is ${pull.merged ? 'merged, but the workflow has not seen it' : 'not merged, but the workflow says it is'}`,
    ];
  if (!merged && pull.state === 'closed') return [`${name} is closed`];
  return pull.headSha === head || merged
    ? []
    : [`${name} is at ${shortCommit(pull.headSha)}, but the workflow expects ${shortCommit(head)}`];
}

/** What was compared, for a positive answer. */
export function compared({ pulls, branches }: GitHubFacts): string {
  const branch = branches.length === 1 ? '1 branch' : `${branches.length} branches`;
  return `labels, status comment, ${branch}, ${count(pulls.length, 'pull request')}`;
}
