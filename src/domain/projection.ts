/** What people see of the state: labels, the one status comment, the Web UI's details, the search attributes. */
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
import type { Evidence, RunFacts } from './state/work.ts';
import { type Hold, HOLD_MEANINGS, type Projection, type Step } from './step.ts';

export const LABEL_PREFIX = 'ai:';
/** How the status comment begins its last lines. */
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

/** Whom or what the issue waits for: a person, a thing outside, or our own step. */
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

/** Every label that is ever set, with what it says to people. */
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

/** Labels say what a person can act on; how far the issue has come is in the status comment. */
export function labelsFor(risk: Risk, hold: Hold | null): readonly string[] {
  return [riskLabel(risk), ...(hold === null ? [] : [holdLabel(holdName(hold))])];
}

/** Of these labels the ones that a projection writes; what else people call by our prefix is theirs. */
export function projectedLabels(labels: readonly string[]): readonly string[] {
  return labels.filter(label => OUR_LABELS.some(({ name }) => name === label));
}

/** Finds our comment again; names the issue and the generation, so that a copy elsewhere is not ours. */
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
    ...(state.refusedDecision === undefined
      ? []
      : [
          `- not taken: \`/${state.refusedDecision.kind}\` of ${plain(state.refusedDecision.by)}: ${plain(state.refusedDecision.why)}`,
        ]),
    ...reportLines(state),
  ];
}

/** What only its author can add is asked of them by name; not as a mention, which would call them each time. */
function lackLines({ subject }: IssueState, step: Step): readonly string[] {
  const { missing = [], unclear = [] } = subject?.contract ?? {};
  const lacking = [...missing.map(title => `add “${title}”`), ...unclear.map(text => `make clear: ${text}`)];
  if (subject === undefined || lacking.length === 0 || step.kind !== 'hold' || step.hold.gate !== 'start')
    return [];
  return [
    `**Asked of the author, ${plain(subject.author)}:** edit the issue, with one heading for each of these.`,
    ...lacking.map(what => `- ${plain(what)}`),
    '',
  ];
}

/** The report of an analysis or a spike: what the agent wrote, as it wrote it, and inert. */
function reportLines(state: IssueState): readonly string[] {
  const run =
    stageOf(state) === 'delivered' ? state.runs.findLast(({ end }) => end !== undefined) : undefined;
  const account = run?.end?.account;
  if (run === undefined || account === undefined) return [];
  return [
    '',
    `**Report of run \`${run.runId}\`, in the words of the agent:**`,
    '',
    // Our own lines begin so: what an agent writes is never one of them.
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
      return [`Under way: ${step.effect.kind}.`, ''];
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
  return end === undefined ? ' under way' : `: ${end.ending}: ${plain(end.summary)}`;
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
    ...owedByRelease(state).map(owed => `- release owes: ${plain(owed)}`),
  ].filter(line => line !== undefined);
}

/** What release verification still waits for; empty before the merge and once it is verified. */
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
  return reserved === 0 ? '' : `, and up to ${reserved.toFixed(4)} USD by the run under way`;
}

function plain(text: string): string {
  return neutralise(text, LINE_CHARS_MAX).replace(/\s+/g, ' ');
}

function code(text: string): string {
  return `\`${text.replace(/[`\r\n]/g, '?')}\``;
}
