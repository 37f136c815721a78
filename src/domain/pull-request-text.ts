/** The texts published with a change. They come from our templates; text by others is neutralised first. */
import { shortDigest } from './digest.ts';
import { currentBase, currentChange, currentEvidence, currentRun, modeOf, riskOf } from './facts.ts';
import { issueName } from './issue-ref.ts';
import { neutralise, plainLine } from './posted-text.ts';
import type { IssueState } from './state.ts';
import type { ChangedFile, CheckResult, Evidence, EvidenceBrief, RunFacts } from './state/work.ts';

const TITLE_CHARS_MAX = 120;
const SUMMARY_CHARS_MAX = 2_000;
const FILES_SHOWN_MAX = 50;

/** Names the issue without a closing keyword: the scheduler closes it after release verification, not the merge. */
export function commitMessage(state: IssueState, run: RunFacts): string {
  return commitMessageFor({ title: titleOf(state), issue: issueName(state.issue), runId: run.runId });
}

export interface CommitSubject {
  readonly title: string;
  /** In readable form: `owner/repo#12`. */
  readonly issue: string;
  readonly runId: string;
}

export function commitMessageFor({ title, issue, runId }: CommitSubject): string {
  return `${plainLine(title, TITLE_CHARS_MAX)}\n\nFor issue ${issue}, run ${runId}.\n`;
}

export function pullRequestTitle(state: IssueState): string {
  return `${titleText(state)} (#${state.issue.number})`;
}

/** The evidence for reviewers. */
export function pullRequestBody(state: IssueState): string {
  const run = currentRun(state);
  return [
    `Change for issue #${state.issue.number}, made by a coding agent in run \`${run?.runId ?? ''}\` and verified by the scheduler.`,
    '',
    '## Summary',
    neutralise(run?.end?.summary ?? '', SUMMARY_CHARS_MAX),
    '',
    '## Checks run by the scheduler',
    ...checkTable(state.verification?.checks ?? []),
    '',
    '## Files',
    ...fileLines(currentChange(state)?.files ?? []),
    '',
    '## For the reviewer',
    ...reviewerLines(state),
  ].join('\n');
}

function fileLines(files: readonly ChangedFile[]): readonly string[] {
  return files.slice(0, FILES_SHOWN_MAX).map(file => `- ${file.status} ${code(file.path)}`);
}

function reviewerLines(state: IssueState): readonly string[] {
  const risk = riskOf(state);
  const evidence = currentEvidence(state);
  const reasons =
    risk.reasons.length > 0 ? ` (${neutralise(risk.reasons.join(', '), SUMMARY_CHARS_MAX)})` : '';
  return [
    `- risk: **${risk.level}**${reasons} · mode: ${modeOf(state)}`,
    ...evidenceLines(evidence),
    `- verified commit: \`${currentChange(state)?.commit ?? ''}\` on base \`${currentBase(state) ?? ''}\``,
  ];
}

function evidenceLines(evidence: Evidence | undefined): readonly string[] {
  if (evidence === undefined) return [];
  return [
    ...titled('concern', evidence.concerns),
    ...briefLines(evidence.brief),
    `- evidence: \`${evidence.digest}\``,
  ];
}

/** Marks the agent's claims as such. */
function briefLines(brief: EvidenceBrief | undefined): readonly string[] {
  if (brief === undefined) return ['- the release must be verified after the merge'];
  const { workerCommands: own } = brief;
  return [
    ...titled('fails before the change, passes after it', brief.proven),
    ...titled('tests that ran', brief.tests ?? []),
    ...titled('not checked', brief.skipped),
    ...titled('remaining risk, according to the agent', brief.remainingRisks),
    ...titled('stop condition reached, according to the agent', brief.stopConditionsMet),
    ...(own.ran === 0 ? [] : [`- commands run by the agent: ${own.ran}, of which ${own.failed} failed`]),
    ...titled('to verify after the merge', brief.owed),
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
  return plainLine(titleOf(state), TITLE_CHARS_MAX);
}

function titleOf(state: IssueState): string {
  return state.subject?.title ?? `Issue ${state.issue.number}`;
}

/** Inline code that its content cannot end. */
function code(text: string): string {
  return `\`${text.replace(/[`|\r\n]/g, '?')}\``;
}
