/**
 * The texts published with a change. They come from our templates; text by others is neutralised first. Each is bounded as a
 * whole, after it is escaped.
 */
import { creditMessage, madeByText } from './adopted-text.ts';
import { currentRun } from './facts.ts';
import { type IssueRef, issueName } from './issue-ref.ts';
import { firstThatFits, type PostedList, shownBy } from './posted-bounds.ts';
import { plainLine } from './posted-text.ts';
import { type Part, proofLines, PULL_REQUEST_PARTS } from './pull-request-parts.ts';
import { issueTitle } from './pull-request-title.ts';
import type { IssueState } from './state.ts';
import type { RunFacts } from './state/work.ts';

const SUBJECT_CHARS_MAX = 120;

/** Names the issue without a closing keyword: the scheduler closes it after release verification, not the merge. */
export function commitMessage(state: IssueState, run: RunFacts): string {
  const subject = { title: issueTitle(state), issue: issueName(state.issue), runId: run.runId };
  return `${commitMessageFor(subject)}${creditMessage(run)}`;
}

export interface CommitSubject {
  readonly title: string;
  /** In readable form: `owner/repo#12`. */
  readonly issue: string;
  readonly runId: string;
}

export function commitMessageFor({ title, issue, runId }: CommitSubject): string {
  return `${plainLine(title, SUBJECT_CHARS_MAX)}\n\nFor issue ${issue}, run ${runId}.\n`;
}

/** Everything that a reviewer needs, in the order in which it is read. */
export function pullRequestBody(state: IssueState): string {
  const first = `Change for issue #${state.issue.number}, ${madeByText(currentRun(state))}`;
  return fitting(state, listing => [first, ...partLines(state, PULL_REQUEST_PARTS, listing)]);
}

/** What always fits, and has no text by others: also for a text that GitHub refuses. */
export function shortPullRequestBody(issue: IssueRef): string {
  return `Change for issue #${issue.number}. Its evidence does not fit here: ${shownBy('evidence', issue)}`;
}

/** The parts about the evidence, for the commit itself. */
export function evidenceText(state: IssueState): string {
  const parts = PULL_REQUEST_PARTS.filter(({ isEvidence }) => isEvidence === true);
  return fitting(state, listing => partLines(state, parts, listing).slice(1));
}

function fitting(state: IssueState, lines: (listing: PostedList) => readonly string[]): string {
  return firstThatFits(
    listedMax => lines({ listedMax, where: shownBy('evidence', state.issue) }).join('\n'),
    () => [shortPullRequestBody(state.issue), '', ...proofLines(state)].join('\n'),
  );
}

function partLines(state: IssueState, parts: readonly Part[], listing: PostedList): readonly string[] {
  return parts.flatMap(({ title, lines }) => {
    const found = lines(state, listing);
    return found.length === 0 ? [] : ['', `## ${title}`, ...found];
  });
}
