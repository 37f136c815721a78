/**
 * The parts of a pull request's text, each for one question of its reader. Ours are plain sentences; text of the issue and of
 * the agent is marked as such, bounded and inert.
 */
import { checkLines } from './check-table.ts';
import {
  currentBase,
  currentChange,
  currentEvidence,
  currentRun,
  modeOf,
  riskOf,
  spentUsd,
} from './facts.ts';
import { shortHead } from './foreign-head.ts';
import { issueName } from './issue-ref.ts';
import { listed, type PostedList } from './posted-bounds.ts';
import { inlineCode, neutralise } from './posted-text.ts';
import { sinceReviewLines } from './since-review.ts';
import type { IssueState } from './state.ts';
import type { EvidenceBrief, RunFacts } from './state/work.ts';

const TEXT_CHARS_MAX = 2_000;
const FILES_LISTED_MAX = 50;

export interface Part {
  readonly title: string;
  /** It is also shown on the commit. */
  readonly isEvidence?: true;
  /** Without lines, the part is left out. */
  readonly lines: (state: IssueState, listing: PostedList) => readonly string[];
}

/** In the order in which they are read. */
export const PULL_REQUEST_PARTS: readonly Part[] = [
  { title: 'Since the last review', lines: sinceReviewLines },
  { title: 'What and why', lines: reasonLines },
  { title: 'Evidence', isEvidence: true, lines: evidenceLines },
  { title: 'Not checked', isEvidence: true, lines: uncheckedLines },
  { title: 'Risk', isEvidence: true, lines: riskLines },
  { title: 'Files', lines: fileLines },
  { title: 'How to decide', lines: decisionLines },
  { title: 'Cost', lines: costLines },
];

/** What an approval is given for. */
export function proofLines(state: IssueState): readonly string[] {
  const evidence = currentEvidence(state);
  return [
    ...(evidence === undefined ? [] : [`- evidence: \`${evidence.digest}\``]),
    `- verified commit: \`${currentChange(state)?.commit ?? ''}\` on base \`${currentBase(state) ?? ''}\``,
  ];
}

/** The report's claims are the agent's; nothing has verified them. */
function reasonLines(state: IssueState): readonly string[] {
  const { problem = '', expected = '' } = briefOf(state) ?? {};
  const summary = currentRun(state)?.end?.summary ?? '';
  return [
    ...titled('the issue', problem === '' ? [] : [problem]),
    ...titled('expected', expected === '' ? [] : [expected]),
    ...titled('the change, according to its maker', summary === '' ? [] : [summary]),
  ];
}

function evidenceLines(state: IssueState, listing: PostedList): readonly string[] {
  const brief = briefOf(state);
  const evidence = currentEvidence(state);
  return [
    ...checkLines(state.verification?.checks ?? [], listing),
    '',
    ...listed(titled('concern', evidence?.concerns ?? []), listing),
    ...listed(titled('fails before the change, passes after it', brief?.proven ?? []), listing),
    ...listed(titled('tests that ran', brief?.tests ?? []), listing),
    ...commandLines(brief),
    ...proofLines(state),
    ...(brief === undefined ? [] : [`- contract: \`${brief.contract}\``]),
  ];
}

function commandLines(brief: EvidenceBrief | undefined): readonly string[] {
  const { ran = 0, failed = 0 } = brief?.workerCommands ?? {};
  return ran === 0 ? [] : [`- commands run by the agent: ${ran}, of which ${failed} failed`];
}

function uncheckedLines(state: IssueState, listing: PostedList): readonly string[] {
  const brief = briefOf(state);
  if (brief === undefined) return ['- the release must be verified after the merge'];
  return [
    ...listed(titled('not checked', brief.skipped), listing),
    ...listed(titled('to verify after the merge', brief.owed), listing),
  ];
}

function riskLines(state: IssueState, listing: PostedList): readonly string[] {
  const { level, reasons } = riskOf(state);
  const because = reasons.length > 0 ? ` (${neutralise(reasons.join(', '), TEXT_CHARS_MAX)})` : '';
  const { remainingRisks = [], stopConditionsMet = [] } = briefOf(state) ?? {};
  return [
    `- risk: **${level}**${because} · mode: ${modeOf(state)}`,
    ...listed(titled('remaining risk, according to the agent', remainingRisks), listing),
    ...listed(titled('stop condition reached, according to the agent', stopConditionsMet), listing),
  ];
}

function fileLines(state: IssueState, listing: PostedList): readonly string[] {
  const files = currentChange(state)?.files ?? [];
  return listed(
    files.map(file => `- ${file.status} ${inlineCode(file.path)}`),
    { ...listing, listedMax: Math.min(listing.listedMax, FILES_LISTED_MAX) },
  );
}

/** No line starts with a command, and none mentions anybody: other programs read this text too. */
function decisionLines(state: IssueState): readonly string[] {
  const { policy, issue } = state;
  const isByReview = policy?.decisions.sources.includes('github') === true;
  return [
    ...(isByReview ? reviewLines(state) : [`- to decide: \`signalbox show ${issueName(issue)}\``]),
    `- ${MERGED_BY[policy?.merge.by ?? 'person']}`,
    `- everything else, and what is asked now: ${statusLink(state)}`,
  ];
}

function reviewLines(state: IssueState): readonly string[] {
  const head = shortHead(currentChange(state)?.commit ?? '');
  const role = state.policy?.decisions.roleMin ?? 'write';
  return [
    `- to approve: approve this pull request in a review of \`${head}\`, with the role ${role} or a higher one; an approval is for this commit only`,
    '- to change something: request changes in a review and say what; another attempt gets your words',
  ];
}

function statusLink({ subject, projected }: IssueState): string {
  if (subject === undefined || projected === undefined) return 'the status comment of the issue';
  return `[the status comment](${subject.url}#issuecomment-${projected.commentId})`;
}

const MERGED_BY = {
  scheduler: 'after the approval, exactly this commit is merged by Signalbox',
  person: 'after the approval, a person merges',
} as const;

function costLines(state: IssueState): readonly string[] {
  const run = currentRun(state);
  const lines = run === undefined || isWithoutAgent(run) ? [] : runCost(run);
  const attempts = state.runs.length;
  return attempts < 2 ? lines : [...lines, `- all ${attempts} attempts: ${spentUsd(state).toFixed(4)} USD`];
}

function isWithoutAgent({ adopted, suggested }: RunFacts): boolean {
  return adopted !== undefined || suggested !== undefined;
}

function runCost({ attempt, startedAt, end }: RunFacts): readonly string[] {
  if (end === undefined) return [];
  const { costUsd, inputTokens, outputTokens } = end.usage;
  const minutes = ((end.endedAt - startedAt) / 60_000).toFixed(1);
  return [
    `- attempt ${attempt}: ${costUsd.toFixed(4)} USD, ${inputTokens} input and ${outputTokens} output tokens, ${minutes} minutes`,
  ];
}

function briefOf(state: IssueState): EvidenceBrief | undefined {
  return currentEvidence(state)?.brief;
}

function titled(title: string, texts: readonly string[]): readonly string[] {
  return texts.map(text => `- ${title}: ${neutralise(text, TEXT_CHARS_MAX)}`);
}
