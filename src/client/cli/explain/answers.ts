/** The answers for an issue with a workflow, from its memo and pending activities. Needs no worker. */
import { ENDING_RULES, type Ending } from '../../../domain/ending.ts';
import { turnText } from '../../../domain/line/words.ts';
import type { Hold } from '../../../domain/step.ts';
import type { IssueView } from '../../../domain/view.ts';
import type { KnownIssue } from '../../temporal/look.ts';
import { calledText } from '../render/show.ts';
import { durationText, plain, relativeTime, shortCommit } from '../render/text.ts';
import { compared, disagreements } from './agreement.ts';
import { type Answer, answerTo } from './answer.ts';
import type { GitHubFacts, OptInReading } from './github-facts.ts';

export interface Known {
  readonly known: KnownIssue;
  readonly view: IssueView;
  /** Absent without a token, or when GitHub did not answer. */
  readonly facts: GitHubFacts | undefined;
  readonly now: number;
  /** Its present place in the line of merges, if it has one. */
  readonly place?: string;
}

export function answersOf(known: Known): readonly Answer[] {
  return ASKED.map(ask => ask(known));
}

const ASKED: readonly ((known: Known) => Answer)[] = [
  optedIn,
  triaged,
  heldByWorker,
  activeBranch,
  timedOut,
  lastStopped,
  agreement,
  retryOrEscalate,
  owedAfterMerge,
];

function optedIn({ view, facts }: Known): Answer {
  if (facts !== undefined) return answerTo('Q1', 'GitHub, read now', optInText(facts.optIn));
  const { subject, hold } = view;
  if (subject === null) return answerTo('Q1', 'workflow', 'unknown: the issue has not been read yet');
  const said = hold?.because === 'not-opted-in' ? `no: ${plain(hold.why.join('; '))}` : 'yes';
  return answerTo('Q1', 'workflow', said);
}

export function optInText(reading: OptInReading): string {
  switch (reading.kind) {
    case 'opted-in':
      return `yes: the label “${plain(reading.label)}”, added by ${plain(reading.by)}`;
    case 'not-opted-in':
      return `no: ${plain(reading.why)} (opt-in label: “${plain(reading.label)}”)`;
    case 'no-policy':
      return `no: ${plain(reading.why)}`;
  }
}

function triaged({ view: { stage, hold } }: Known): Answer {
  if (stage !== 'triage') return answerTo('Q2', 'workflow', `no: its stage is ${stage}`);
  const why = hold === null ? 'in progress' : `${plain(hold.who)}: ${plain(hold.what)}`;
  return answerTo('Q2', 'workflow', `yes: ${why}`);
}

function heldByWorker({ known, view }: Known): Answer {
  const active = known.pending.find(({ name }) => name === 'runAgent' || name === 'verifyChange');
  if (active === undefined) return answerTo('Q3', 'pending activities', 'none');
  const where = active.worker === undefined ? 'queued, no runner has taken it yet' : plain(active.worker);
  return answerTo('Q3', 'pending activities', `${active.name} of ${view.run?.runId ?? '?'}: ${where}`);
}

function activeBranch({ view: { branch, base, target, stage } }: Known): Answer {
  if (branch === null) return answerTo('Q4', 'workflow', 'no');
  const from = base === null ? '' : ` on ${shortCommit(base)}`;
  const into = target === undefined ? '' : `, for ${plain(target)}`;
  return answerTo(
    'Q4',
    'workflow',
    `${plain(branch)}${from}${into}${stage === 'working' ? ', a run is in progress' : ''}`,
  );
}

const TIMED_OUT: readonly string[] = ['silence', 'no-progress', 'wall-clock', 'lost'];

function timedOut({ view: { run } }: Known): Answer {
  if (run === null) return answerTo('Q5', 'workflow', 'no run yet');
  const { ending } = run;
  if (ending === null) return answerTo('Q5', 'workflow', 'no: a run is in progress');
  return answerTo(
    'Q5',
    'workflow',
    TIMED_OUT.includes(ending) ? `yes: ${ending}` : `no: it ended as ${ending}`,
  );
}

function lastStopped({ view: { run, runs }, now }: Known): Answer {
  if (run === null) return answerTo('Q6', 'workflow', 'no run yet');
  const { runId, ending, summary, startedAt } = run;
  const said =
    ending === null
      ? `${runId} has been running for ${durationText(now - startedAt)}`
      : `${runId} (of ${runs}): ${ending}: ${plain(summary ?? '')}`;
  return answerTo('Q6', 'workflow', said);
}

/** Without GitHub, the result of the last look: a difference at that time holds the issue. */
function agreement({ view, facts }: Known): Answer {
  if (facts !== undefined) {
    const found = disagreements(view, facts);
    const said = found.length === 0 ? `yes: ${compared(facts)}` : `no: ${found.join('; ')}`;
    return answerTo('Q7', 'workflow and GitHub, read now', said);
  }
  const { hold, pullRequest } = view;
  if (hold?.kind === 'blocked' || hold?.kind === 'delayed')
    return answerTo('Q7', 'workflow', plain(hold.why.join('; ')));
  const said =
    pullRequest === null
      ? 'nothing is published yet'
      : `as of the last look, pull request #${pullRequest.number} is at ${shortCommit(pullRequest.head)}`;
  return answerTo('Q7', 'workflow', said);
}

function retryOrEscalate(known: Known): Answer {
  const { hold, run } = known.view;
  if (hold !== null) return answerTo('Q8', 'workflow', heldText(known, hold));
  const waits = waitText(known);
  if (waits !== undefined) return answerTo('Q8', 'workflow', `neither${waits}`);
  const ending = run?.ending ?? null;
  if (ending === null || !isEnding(ending)) return answerTo('Q8', 'workflow', 'neither: nothing has failed');
  const { sequel, meaning } = ENDING_RULES[ending];
  return answerTo('Q8', 'table of endings', `${SEQUELS[sequel]}: ${meaning}`);
}

function waitText({ view, place }: Known): string | undefined {
  const { waitingOn, checks = [], line, handedOver } = view;
  if (waitingOn === 'checks') return `: ${plain(checks.join('; '))}`;
  if (waitingOn === 'turn' && line !== undefined) return `: it waits for ${turnOf(line, place)}`;
  if (waitingOn === 'merge' && handedOver !== undefined) return `: handed over to ${plain(handedOver)}`;
  const delayed = alsoDelayed(view);
  return delayed === '' ? undefined : delayed;
}

function turnOf(line: NonNullable<IssueView['line']>, place: string | undefined): string {
  const where = place === undefined ? '' : `: ${plain(place)}`;
  return `${plain(turnText(line))}${where}`;
}

function heldText(known: Known, { kind, who, what, why }: Hold): string {
  const { view, now } = known;
  const { rung, until } = view;
  const comes = kind === 'delayed' ? 'tried again' : 'next step of the ladder';
  const next = until === null ? '' : `, ${comes} ${relativeTime(until, now)}`;
  const because = why.length === 0 ? '' : `; why: ${plain(why.join('; '))}`;
  const asked = `${plain(who)}: ${plain(what)} (${rung ?? 'fresh'}${next})`;
  return `${asked}${because}${alsoCalled(known)}${alsoDelayed(view)}`;
}

function alsoCalled({ view, now }: Known): string {
  const called = calledText(view, now);
  return called === '' ? '' : `; called: ${called}`;
}

/** What no one waits for, such as a status comment that cannot be written. */
function alsoDelayed({ hold, delays = [] }: IssueView): string {
  return hold?.kind === 'delayed' || delays.length === 0 ? '' : `; delayed: ${plain(delays.join('; '))}`;
}

const SEQUELS = { build: 'neither', deliver: 'neither', retry: 'retry', ask: 'ask a person' } as const;

function isEnding(name: string): name is Ending {
  return Object.hasOwn(ENDING_RULES, name);
}

function owedAfterMerge({ view: { merge, verifiedAt, releaseOwes, releaseOwner } }: Known): Answer {
  if (merge === null) return answerTo('Q9', 'workflow', 'not yet: it is not merged');
  if (verifiedAt !== null) return answerTo('Q9', 'workflow', 'no: the release is verified');
  const owed = releaseOwes.length === 0 ? 'sign-off' : releaseOwes.map(plain).join('; ');
  return answerTo('Q9', 'workflow', `yes, ${plain(releaseOwner)} owes: ${owed}`);
}
