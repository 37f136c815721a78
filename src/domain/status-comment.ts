/** The text of the status comment and of the details in the Web UI. Bounded as a whole; a short form always fits. */
import { actorName } from './actor.ts';
import { provenCandidate } from './candidate.ts';
import { carriedLines } from './carried-text.ts';
import { draftText } from './draft.ts';
import { isHandedOver, WAY_WORDS } from './hand-over.ts';
import { checksLines } from './checks-text.ts';
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
import { releaseOwnerOf } from './hold.ts';
import type { IssueRef } from './issue-ref.ts';
import { releaseOwes } from './next-step-release.ts';
import { turnText } from './line/words.ts';
import { otherTextLine } from './other-text.ts';
import { ownAccountLines } from './own-account.ts';
import { firstThatFits, listed, type PostedList, shownBy } from './posted-bounds.ts';
import { fence, neutralise } from './posted-text.ts';
import type { IssueState } from './state.ts';
import { refusalsOf } from './state/people.ts';
import type { Evidence, RunFacts } from './state/work.ts';
import type { Hold, Projection, Step } from './step.ts';
import { targetBranch } from './target.ts';
import { utcTime } from './utc-time.ts';

const LINE_CHARS_MAX = 600;
const SHORT_CHARS_MAX = 100;
const REPORT_CHARS_MAX = 8_000;

/** `tail`: our lines that must follow in every form. */
export function statusText(state: IssueState, step: Step, tail: readonly string[] = []): string {
  return firstThatFits(
    listedMax => [...statusLines(state, step, listedMax), ...tail].join('\n'),
    () => [...shortLines(state, step), ...tail].join('\n'),
  );
}

/** For a text that GitHub refuses: only what identifies the comment and preserves the facts. */
export function withoutText({ comment, marker }: Omit<Projection, 'labels'>, issue: IssueRef): string {
  const kept = comment.slice(comment.lastIndexOf(marker));
  return [`GitHub refused the text of this status; see ${shownBy('show', issue)}`, '', kept].join('\n');
}

function statusLines(state: IssueState, step: Step, listedMax: number): readonly string[] {
  const risk = riskOf(state);
  const listing = {
    listedMax,
    where: shownBy(currentEvidence(state) === undefined ? 'show' : 'evidence', state.issue),
  };
  return [
    `**Stage: ${stageOf(state)}** · mode ${modeOf(state)} · risk ${risk.level}${risk.reasons.length === 0 ? '' : ` (${plain(risk.reasons.join(', '))})`}`,
    '',
    ...stepLines(state, step, listing),
    ...lackLines(state, step, listing),
    ...otherTextLines(state, step),
    ...factLines(state, listing),
    ...listed(
      refusalsOf(state.refusedDecision).map(
        ({ kind, by, why }) => `- refused: \`/${kind}\` by ${plain(by)}: ${plain(why)}`,
      ),
      listing,
    ),
    ...takenLines(state),
    ...ownAccountLines(state).map(line => `- ${plain(line)}`),
    ...reportLines(state),
  ];
}

/** Asks the author by name to complete the issue. Not as a mention, which would notify them on each update. */
function lackLines({ subject }: IssueState, step: Step, listing: PostedList): readonly string[] {
  const { missing = [], unclear = [] } = subject?.contract ?? {};
  const lacking = [...missing.map(title => `add “${title}”`), ...unclear.map(text => `clarify: ${text}`)];
  if (subject === undefined || lacking.length === 0 || step.kind !== 'hold' || step.hold.gate !== 'start')
    return [];
  return [
    `**To do for the author, ${plain(subject.author)}:** edit the issue so that each of these has its own heading.`,
    ...listed(
      lacking.map(what => `- ${plain(what)}`),
      listing,
    ),
    '',
  ];
}

/** Whoever approves the start sees that the agent reads more than the fields. */
function otherTextLines({ subject }: IssueState, step: Step): readonly string[] {
  const other = subject?.contract.other;
  if (other === undefined || step.kind !== 'hold' || step.hold.gate !== 'start') return [];
  return [`- the agent also reads this: ${plain(otherTextLine(other))}`];
}

/** A command that was taken needs no comment of its own: this one is written anyway. */
function takenLines({ takenCommand: taken }: IssueState): readonly string[] {
  if (taken === undefined) return [];
  return [`- taken: \`/${taken.kind}\` by ${plain(taken.by)}, ${utcTime(taken.at)}`];
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
    fence(account, REPORT_CHARS_MAX),
  ];
}

function stepLines(state: IssueState, step: Step, listing: PostedList): readonly string[] {
  switch (step.kind) {
    case 'hold':
      return holdLines(step.hold, state.held?.rung ?? 'fresh', listing);
    case 'wait':
      return [step.for === 'turn' ? turnLine(state) : `Waiting for: ${step.for}.`, ''];
    case 'effect':
      return [`In progress: ${step.effect.kind}.`, ''];
    case 'end':
      return [`Ended: ${step.stage}.`, ''];
  }
}

/** The present place changes with each merge: it is not written here, because each write is a request. */
function turnLine({ issue, mergePlace: place }: IssueState): string {
  const { target = '', joinedAt = 0 } = place ?? {};
  const turn = turnText({ target: code(target), since: joinedAt });
  return `Waiting for ${turn}: ${shownBy('show', issue)}.`;
}

function holdLines(hold: Hold, rung: string, listing: PostedList): readonly string[] {
  return [
    `**${holdTitle(hold)}.** ${plain(hold.who)}: ${code(hold.what)}${rung === 'fresh' ? '' : ` (${rung})`}`,
    ...listed(
      hold.why.map(reason => `- why: ${plain(reason)}`),
      listing,
    ),
    ...digestLines(hold),
    '',
  ];
}

function holdTitle({ gate, kind }: Hold): string {
  return gate === undefined ? `Held: ${kind}` : `Held at the ${gate} gate`;
}

function digestLines({ digest }: Hold): readonly string[] {
  return digest === undefined ? [] : [`- an approval is for exactly \`${shortDigest(digest)}\``];
}

function factLines(state: IssueState, listing: PostedList): readonly string[] {
  return [...workLines(state), ...publishedLines(state, listing), ...costLines(state)];
}

function workLines(state: IssueState): readonly string[] {
  const { claim } = state;
  const run = state.runs.at(-1);
  const change = currentChange(state);
  const evidence = currentEvidence(state);
  const target = targetBranch(state);
  const into = provenCandidate(state);
  return [
    target && `- target branch ${code(target)}`,
    claim && `- branch \`${claim.branch}\` on base \`${(currentBase(state) ?? claim.base).slice(0, 12)}\``,
    run && `- run \`${run.runId}\`${outcomeOf(run)}`,
    change && `- commit \`${change.commit.slice(0, 12)}\`, ${change.files.length} files`,
    evidence && `- evidence \`${shortDigest(evidence.digest)}\`, ${concernsOf(evidence)}`,
    into && `- merged into \`${into.base.slice(0, 12)}\` for its checks: ${concernsOf(into.evidence)}`,
    ...carriedLines(state).map(line => `- ${plain(line)}`),
    // Without the place in the queue: each write is a request.
    ...(isHandedOver(state) ? [`- Handed over to ${WAY_WORDS[state.handOver.way]}.`] : []),
  ].filter(line => line !== undefined);
}

function outcomeOf({ end }: RunFacts): string {
  return end === undefined ? ' in progress' : `: ${end.ending}: ${plain(end.summary)}`;
}

function concernsOf({ concerns }: Evidence): string {
  return concerns.length === 0 ? 'no concerns' : `${concerns.length} concerns`;
}

function publishedLines(state: IssueState, listing: PostedList): readonly string[] {
  const { pullRequest, merge } = state;
  return [
    pullRequest && `- pull request #${pullRequest.number}${merge === undefined ? draftText(state) : ''}`,
    ...(merge === undefined ? checksLines(state) : []).map(line => `- CI: ${plain(line)}`),
    merge &&
      `- merged as \`${merge.commit.slice(0, 12)}\` by ${plain(actorName(merge.by))}${merge.through === undefined ? '' : ` through ${plain(merge.through)}`}; release owner: ${plain(releaseOwnerOf(state))}`,
    ...listed(
      owedByRelease(state).map(owed => `- the release still needs: ${plain(owed)}`),
      listing,
    ),
  ].filter(line => line !== undefined);
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

/** Stage, and who must do what: every part is bounded. */
function shortLines(state: IssueState, step: Step): readonly string[] {
  const rest = `- the rest does not fit here: ${shownBy('show', state.issue)}`;
  const head = [`**Stage: ${stageOf(state)}** · mode ${modeOf(state)} · risk ${riskOf(state).level}`, ''];
  if (step.kind !== 'hold') return [...head, rest];
  const { hold } = step;
  const who = neutralise(hold.who, SHORT_CHARS_MAX);
  return [...head, `**${holdTitle(hold)}.** ${who}: ${code(hold.what)}`, ...digestLines(hold), rest];
}

function plain(text: string): string {
  return neutralise(text, LINE_CHARS_MAX);
}

/** Inline code that its content cannot end. */
export function code(text: string): string {
  return `\`${text.slice(0, LINE_CHARS_MAX).replace(/[`\r\n]/g, '?')}\``;
}

/** What release verification still needs; empty before the merge and after verification. */
export function owedByRelease(state: IssueState): readonly string[] {
  const { merge, release, policy, verifiedAt } = state;
  if (merge === undefined || policy === undefined || verifiedAt !== undefined) return [];
  return releaseOwes({
    release: release ?? { onDefaultBranch: true, deployment: null, probes: [] },
    policy,
    target: targetBranch(state),
  });
}
