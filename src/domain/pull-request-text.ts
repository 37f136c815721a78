/**
 * The texts published with a change. They come from our templates; text by others is neutralised first. Each is bounded as a
 * whole, after it is escaped.
 */
import { adoptedMessage, madeByText } from './adopted-text.ts';
import { shortDigest } from './digest.ts';
import { currentBase, currentChange, currentEvidence, currentRun, modeOf, riskOf } from './facts.ts';
import { type IssueRef, issueName } from './issue-ref.ts';
import { firstThatFits, listed, type PostedList, moreLine, shownBy } from './posted-bounds.ts';
import { neutralise, plainLine } from './posted-text.ts';
import type { IssueState } from './state.ts';
import type { ChangedFile, CheckResult, Evidence, EvidenceBrief, RunFacts } from './state/work.ts';

const SUBJECT_CHARS_MAX = 120;
const SUMMARY_CHARS_MAX = 2_000;
const FILES_SHOWN_MAX = 50;

/** Names the issue without a closing keyword: the scheduler closes it after release verification, not the merge. */
export function commitMessage(state: IssueState, run: RunFacts): string {
  const { runId, adopted } = run;
  const subject = { title: titleOf(state), issue: issueName(state.issue), runId };
  return `${commitMessageFor(subject)}${adoptedMessage(adopted)}`;
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

/** Fits GitHub's bound of 256 characters also after the spaces of `plainLine`. */
export function pullRequestTitle(state: IssueState): string {
  return `${titleText(state)} (#${state.issue.number})`;
}

/** The evidence for reviewers. */
export function pullRequestBody(state: IssueState): string {
  return firstThatFits(
    listedMax => bodyLines(state, { listedMax, where: shownBy('evidence', state.issue) }).join('\n'),
    () => [shortPullRequestBody(state.issue), '', ...proofLines(state)].join('\n'),
  );
}

/** What always fits, and has no text by others: also for a text that GitHub refuses. */
export function shortPullRequestBody(issue: IssueRef): string {
  return `Change for issue #${issue.number}. Its evidence does not fit here: ${shownBy('evidence', issue)}`;
}

function bodyLines(state: IssueState, listing: PostedList): readonly string[] {
  const run = currentRun(state);
  return [
    `Change for issue #${state.issue.number}, ${madeByText(run)}`,
    '',
    '## Summary',
    neutralise(run?.end?.summary ?? '', SUMMARY_CHARS_MAX),
    '',
    '## Checks run by the scheduler',
    ...checkLines(state.verification?.checks ?? [], listing),
    '',
    '## Files',
    ...fileLines(currentChange(state)?.files ?? [], listing),
    '',
    '## For the reviewer',
    ...reviewerLines(state, listing),
  ];
}

function checkLines(checks: readonly CheckResult[], { listedMax, where }: PostedList): readonly string[] {
  const more = checks.length - listedMax;
  return [...checkTable(checks.slice(0, listedMax)), ...(more > 0 ? ['', moreLine(more, where)] : [])];
}

function fileLines(files: readonly ChangedFile[], listing: PostedList): readonly string[] {
  const listedMax = Math.min(listing.listedMax, FILES_SHOWN_MAX);
  return listed(
    files.map(file => `- ${file.status} ${code(file.path)}`),
    { ...listing, listedMax },
  );
}

function reviewerLines(state: IssueState, listing: PostedList): readonly string[] {
  const risk = riskOf(state);
  const reasons =
    risk.reasons.length > 0 ? ` (${neutralise(risk.reasons.join(', '), SUMMARY_CHARS_MAX)})` : '';
  return [
    `- risk: **${risk.level}**${reasons} · mode: ${modeOf(state)}`,
    ...evidenceLines(currentEvidence(state), listing),
    ...proofLines(state),
  ];
}

function evidenceLines(evidence: Evidence | undefined, listing: PostedList): readonly string[] {
  if (evidence === undefined) return [];
  return [...listed(titled('concern', evidence.concerns), listing), ...briefLines(evidence.brief, listing)];
}

/** What an approval is given for. */
function proofLines(state: IssueState): readonly string[] {
  const evidence = currentEvidence(state);
  return [
    ...(evidence === undefined ? [] : [`- evidence: \`${evidence.digest}\``]),
    `- verified commit: \`${currentChange(state)?.commit ?? ''}\` on base \`${currentBase(state) ?? ''}\``,
  ];
}

/** Marks the agent's claims as such. */
function briefLines(brief: EvidenceBrief | undefined, listing: PostedList): readonly string[] {
  if (brief === undefined) return ['- the release must be verified after the merge'];
  const { workerCommands: own } = brief;
  const list = (title: string, texts: readonly string[]) => listed(titled(title, texts), listing);
  return [
    ...list('fails before the change, passes after it', brief.proven),
    ...list('tests that ran', brief.tests ?? []),
    ...list('not checked', brief.skipped),
    ...list('remaining risk, according to the agent', brief.remainingRisks),
    ...list('stop condition reached, according to the agent', brief.stopConditionsMet),
    ...(own.ran === 0 ? [] : [`- commands run by the agent: ${own.ran}, of which ${own.failed} failed`]),
    ...list('to verify after the merge', brief.owed),
    `- contract: \`${brief.contract}\``,
  ];
}

function titled(title: string, texts: readonly string[]): readonly string[] {
  return texts.map(text => `- ${title}: ${neutralise(text, SUMMARY_CHARS_MAX)}`);
}

/** One row for each check: name, tree, outcome, time and output. */
export function checkTable(checks: readonly CheckResult[]): readonly string[] {
  if (checks.length === 0) return ['_none: the policy has no verification command_'];
  const rows = checks.map(check => {
    const verdict = check.passed === (check.expected === 'pass') ? 'as expected' : '**not as expected**';
    const outcome = check.passed ? 'passed' : `failed (exit ${check.exitCode ?? 'none'})`;
    return `| ${code(check.name)} | ${PLACES[check.on]} | ${outcome}, ${verdict} | ${Math.round(check.durationMs)} ms | \`${shortDigest(check.output)}\` |`;
  });
  return ['| check | on | outcome | time | output |', '|---|---|---|---|---|', ...rows];
}

const PLACES: Readonly<Record<CheckResult['on'], string>> = {
  head: 'verified commit',
  base: 'base + changed tests',
  'head-with-base-tests': 'verified commit + tests of the base',
};

function titleText(state: IssueState): string {
  return plainLine(titleOf(state), SUBJECT_CHARS_MAX);
}

function titleOf(state: IssueState): string {
  return state.subject?.title ?? `Issue ${state.issue.number}`;
}

/** Inline code that its content cannot end. */
function code(text: string): string {
  return `\`${text.replace(/[`|\r\n]/g, '?')}\``;
}
