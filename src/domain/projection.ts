/** The state as people see it: labels, the status comment, the details in the Web UI, the search attributes. */
import { actorName } from './actor.ts';
import { GATES } from './decision.ts';
import { shortDigest } from './digest.ts';
import {
  currentBase,
  currentChange,
  currentEvidence,
  modeOf,
  reservedUsd,
  riskOf,
  runsCounted,
  spentUsd,
  stageOf,
} from './facts.ts';
import { holdName, releaseOwnerOf } from './hold.ts';
import type { IssueRef } from './issue-ref.ts';
import { releaseOwes } from './next-step-release.ts';
import { nextStep } from './next-step.ts';
import { fence, neutralise } from './posted-text.ts';
import { type Risk, RISKS } from './risk.ts';
import { snapshot } from './snapshot.ts';
import type { IssueState } from './state.ts';
import { refusalsOf } from './state/people.ts';
import type { Evidence, RunFacts } from './state/work.ts';
import { type Hold, HOLD_MEANINGS, type Projection, type Step } from './step.ts';

export const LABEL_PREFIX = 'ai:';
/** The start of the marker line near the end of the status comment. */
export const STATUS_MARKER = '<!-- signalbox:status';
const LINE_CHARS_MAX = 600;
const REPORT_CHARS_MAX = 8_000;

export interface SearchFacts {
  readonly repository: string;
  readonly stage: string;
  readonly hold: string;
  readonly waitingOn: string;
  readonly risk: string;
  readonly mode: string;
  readonly generation: number;
  readonly attempt: number;
}

export function projection(state: IssueState): Projection {
  const step = nextStep(state);
  const marker = statusMarker(state);
  return {
    labels: labelsFor(riskOf(state).level, step.kind === 'hold' ? step.hold : null),
    marker,
    comment: [...commentLines(state, step), '', marker, snapshot(state)].join('\n'),
  };
}

export function searchFacts(state: IssueState): SearchFacts {
  const step = nextStep(state);
  return {
    repository: `${state.issue.owner}/${state.issue.repo}`,
    stage: stageOf(state),
    hold: step.kind === 'hold' ? holdName(step.hold) : 'none',
    waitingOn: waitingOn(step),
    risk: riskOf(state).level,
    mode: modeOf(state),
    generation: state.generation,
    attempt: state.runs.at(-1)?.attempt ?? 0,
  };
}

/** Who or what the issue waits for: a person, something outside, or the current effect. */
export function waitingOn(step: Step): string {
  switch (step.kind) {
    case 'hold':
      return step.hold.who;
    case 'wait':
      return step.for;
    case 'effect':
      return step.effect.kind;
    case 'end':
      return 'nothing';
  }
}

/** Markdown for the Web UI's current details. */
export function details(state: IssueState): string {
  return commentLines(state, nextStep(state)).join('\n');
}

export interface OurLabel {
  readonly name: string;
  readonly says: string;
}

/** Every label that Signalbox sets, with its description on GitHub. */
export const OUR_LABELS: readonly OurLabel[] = [
  ...RISKS.map(risk => ({ name: riskLabel(risk), says: `Signalbox: risk ${risk}` })),
  ...GATES.map(gate => ({ name: holdLabel(`gate:${gate}`), says: `Signalbox: held at the ${gate} gate` })),
  ...(['blocked', 'escalated', 'paused'] as const).map(kind => ({
    name: holdLabel(kind),
    says: `Signalbox: ${HOLD_MEANINGS[kind]}`,
  })),
];

function riskLabel(risk: Risk): string {
  return `${LABEL_PREFIX}risk-${risk}`;
}

function holdLabel(hold: string): string {
  return `${LABEL_PREFIX}${hold.replace(':', '-')}`;
}

/** Labels show what a person can act on; the status comment shows the progress. */
export function labelsFor(risk: Risk, hold: Hold | null): readonly string[] {
  return [riskLabel(risk), ...(hold === null ? [] : [holdLabel(holdName(hold))])];
}

/** The labels that a projection writes. Other labels with the same prefix belong to people. */
export function projectedLabels(labels: readonly string[]): readonly string[] {
  return labels.filter(label => OUR_LABELS.some(({ name }) => name === label));
}

/** Identifies our status comment. It names the issue and generation, so that a copy elsewhere does not count as ours. */
export function statusMarker({
  issue,
  generation,
}: {
  readonly issue: Pick<IssueRef, 'number'>;
  readonly generation: number;
}): string {
  return `${STATUS_MARKER} ${issue.number}.${generation} -->`;
}

function commentLines(state: IssueState, step: Step): readonly string[] {
  const risk = riskOf(state);
  return [
    `**Stage: ${stageOf(state)}** · mode ${modeOf(state)} · risk ${risk.level}${risk.reasons.length === 0 ? '' : ` (${plain(risk.reasons.join(', '))})`}`,
    '',
    ...stepLines(state, step),
    ...lackLines(state, step),
    ...factLines(state),
    ...refusalsOf(state.refusedDecision).map(
      ({ kind, by, why }) => `- refused: \`/${kind}\` by ${plain(by)}: ${plain(why)}`,
    ),
    ...reportLines(state),
  ];
}

/** Asks the author by name to complete the issue. Not as a mention, which would notify them on each update. */
function lackLines({ subject }: IssueState, step: Step): readonly string[] {
  const { missing = [], unclear = [] } = subject?.contract ?? {};
  const lacking = [...missing.map(title => `add “${title}”`), ...unclear.map(text => `clarify: ${text}`)];
  if (subject === undefined || lacking.length === 0 || step.kind !== 'hold' || step.hold.gate !== 'start')
    return [];
  return [
    `**To do for the author, ${plain(subject.author)}:** edit the issue so that each of these has its own heading.`,
    ...lacking.map(what => `- ${plain(what)}`),
    '',
  ];
}

/** The report of an analysis or a spike: the agent's exact text, made inert. */
function reportLines(state: IssueState): readonly string[] {
  const run =
    stageOf(state) === 'delivered' ? state.runs.findLast(({ end }) => end !== undefined) : undefined;
  const account = run?.end?.account;
  if (run === undefined || account === undefined) return [];
  return [
    '',
    `**Report of run \`${run.runId}\`, written by the agent:**`,
    '',
    // Our marker lines start with this, so an agent must not be able to write one.
    fence(account.replaceAll('<!--', '<! --'), REPORT_CHARS_MAX),
  ];
}

function stepLines(state: IssueState, step: Step): readonly string[] {
  switch (step.kind) {
    case 'hold':
      return holdLines(step.hold, state.held?.rung ?? 'fresh');
    case 'wait':
      return [`Waiting for: ${step.for}.`, ''];
    case 'effect':
      return [`In progress: ${step.effect.kind}.`, ''];
    case 'end':
      return [`Ended: ${step.stage}.`, ''];
  }
}

function holdLines(hold: Hold, rung: string): readonly string[] {
  const title = hold.gate === undefined ? `Held: ${hold.kind}` : `Held at the ${hold.gate} gate`;
  return [
    `**${title}.** ${plain(hold.who)}: ${code(hold.what)}${rung === 'fresh' ? '' : ` (${rung})`}`,
    ...hold.why.map(reason => `- why: ${plain(reason)}`),
    ...(hold.digest === undefined ? [] : [`- an approval is for exactly \`${shortDigest(hold.digest)}\``]),
    '',
  ];
}

function factLines(state: IssueState): readonly string[] {
  return [...workLines(state), ...publishedLines(state), ...costLines(state)];
}

function workLines(state: IssueState): readonly string[] {
  const { claim } = state;
  const run = state.runs.at(-1);
  const change = currentChange(state);
  const evidence = currentEvidence(state);
  return [
    claim && `- branch \`${claim.branch}\` on base \`${(currentBase(state) ?? claim.base).slice(0, 12)}\``,
    run && `- run \`${run.runId}\`${outcomeOf(run)}`,
    change && `- commit \`${change.commit.slice(0, 12)}\`, ${change.files.length} files`,
    evidence && `- evidence \`${shortDigest(evidence.digest)}\`, ${concernsOf(evidence)}`,
  ].filter(line => line !== undefined);
}

function outcomeOf({ end }: RunFacts): string {
  return end === undefined ? ' in progress' : `: ${end.ending}: ${plain(end.summary)}`;
}

function concernsOf({ concerns }: Evidence): string {
  return concerns.length === 0 ? 'no concerns' : `${concerns.length} concerns`;
}

function publishedLines(state: IssueState): readonly string[] {
  const { pullRequest, merge } = state;
  return [
    pullRequest && `- pull request #${pullRequest.number}`,
    merge &&
      `- merged as \`${merge.commit.slice(0, 12)}\` by ${plain(actorName(merge.by))}; release owner: ${plain(releaseOwnerOf(state))}`,
    ...owedByRelease(state).map(owed => `- the release still needs: ${plain(owed)}`),
  ].filter(line => line !== undefined);
}

/** What release verification still needs; empty before the merge and after verification. */
export function owedByRelease({ merge, release, policy, verifiedAt }: IssueState): readonly string[] {
  if (merge === undefined || policy === undefined || verifiedAt !== undefined) return [];
  return releaseOwes(release ?? { onDefaultBranch: true, deployment: null, probes: [] }, policy);
}

function costLines(state: IssueState): readonly string[] {
  const lost = runsCounted(state, 'lost');
  const spent = spentUsd(state);
  const reserved = reservedUsd(state);
  return [
    ...(lost === 0 ? [] : [`- runs lost with their host: ${lost}`]),
    ...(spent + reserved === 0 ? [] : [`- spent: ${spent.toFixed(4)} USD${reservedText(reserved)}`]),
  ];
}

function reservedText(reserved: number): string {
  return reserved === 0 ? '' : `, plus up to ${reserved.toFixed(4)} USD reserved for the current run`;
}

function plain(text: string): string {
  return neutralise(text, LINE_CHARS_MAX).replace(/\s+/g, ' ');
}

function code(text: string): string {
  return `\`${text.replace(/[`\r\n]/g, '?')}\``;
}
