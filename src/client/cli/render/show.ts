/** `show`: the state of one issue as text. */
import { shortDigest } from '../../../domain/digest.ts';
import type { Digest } from '../../../domain/digest.ts';
import { turnText } from '../../../domain/line/words.ts';
import type { IssueView } from '../../../domain/view.ts';
import type { KnownIssue } from '../../temporal/look.ts';
import type { Terminal } from './terminal.ts';
import { count, durationText, plain, relativeTime, shortCommit } from './text.ts';

type Row = readonly [label: string, text: string];

/** `place`: its present place in the line of merges, if it has one. */
export function showLines(known: KnownIssue, terminal: Terminal, place = ''): readonly string[] {
  const { view } = known;
  const { paint, now } = terminal;
  if (view === undefined) {
    return [
      paint.bold(plain(known.issue)),
      ...rowLines([['stage', 'started, but no scheduler has run it yet'], temporalRow(known, now)], terminal),
    ];
  }
  const rows = [
    ...stateRows(view, terminal),
    ...row('target', plain(view.target ?? '')),
    ...row('line', plain(place)),
    ...retryRows(known),
    ...workRows(view, now),
    ...releaseRows(view, now),
    ...recordRows(view),
    temporalRow(known, now),
  ];
  return [
    `${paint.bold(plain(view.issue))}  ${plain(view.title)}`,
    ...(view.url === '' ? [] : [paint.dim(plain(view.url))]),
    ...rowLines(rows, terminal),
  ];
}

function stateRows(view: IssueView, { paint, now }: Terminal): readonly Row[] {
  const { risk, hold } = view;
  const reasons = risk.reasons.length === 0 ? '' : ` (${risk.reasons.join(', ')})`;
  const stage = `${view.stage}${view.generation > 1 ? ` (generation ${view.generation})` : ''}`;
  return [
    ['stage', paint.cyan(stage)],
    ['mode', `${view.mode}, risk ${plain(risk.level + reasons)}`],
    ...row('other text', plain(view.otherText ?? '')),
    ...row('CI', plain((view.checks ?? []).join('; '))),
    ...(hold === null ? waitRows(view, now) : holdRows(hold, paint.yellow(heldText(view, now)))),
    ...row('called', calledText(view, now)),
    ...(view.refusedDecision === null ? [] : ([['refused', plain(view.refusedDecision)]] as const)),
    ...row('not shown', plain(view.unshown ?? '')),
    ...delayRows(view),
  ];
}

/** What Temporal is retrying just now; what keeps failing for longer is a delay. */
function retryRows({ pending }: KnownIssue): readonly Row[] {
  return pending.flatMap(({ name, attempt, lastFailure }) =>
    row('retrying', lastFailure === undefined ? '' : `${name}, attempt ${attempt}: ${plain(lastFailure)}`),
  );
}

/** The hold has its own words. */
function delayRows({ hold, delays = [] }: IssueView): readonly Row[] {
  const untold = hold?.kind === 'delayed' ? [] : delays;
  return untold.map(delay => ['delayed', plain(delay)] as const);
}

function heldText(view: IssueView, now: number): string {
  const { hold, heldSince, rung } = view;
  const where = hold?.gate === undefined ? (hold?.kind ?? '') : `at the ${hold.gate} gate`;
  const since = heldSince === null ? '' : ` for ${durationText(now - heldSince)}`;
  const ladder = rung === null || rung === 'fresh' ? '' : ` (${rung})`;
  return `${where}${since}${ladder}`;
}

/** Empty if nobody was called to the present hold. */
export function calledText({ called }: IssueView, now: number): string {
  if (called === undefined) return '';
  const { who, rung, at, problem, posted } = called;
  const whom = who.length === 0 ? 'nobody' : who.join(', ');
  const told = [`${plain(whom)} ${relativeTime(at, now)}`, ...(posted === true ? ['webhook too'] : [])].join(
    ', ',
  );
  const ladder = rung === 'fresh' ? '' : ` (${rung})`;
  return `${told}${ladder}${problem === undefined ? '' : `; ${plain(problem)}`}`;
}

function holdRows(hold: NonNullable<IssueView['hold']>, held: string): readonly Row[] {
  return [
    ['hold', held],
    ['who', plain(hold.who)],
    ['what', plain(hold.what)],
    ...hold.why.map(why => ['why', plain(why)] as const),
    ...(hold.digest === undefined ? [] : ([['digest', shortDigest(hold.digest)]] as const)),
  ];
}

function waitRows(view: IssueView, now: number): readonly Row[] {
  const { waitingOn, line } = view;
  if (waitingOn === 'nothing') return [];
  const on = waitingOn === 'turn' && line !== undefined ? turnText(line) : waitingOn;
  const until = view.until === null ? '' : `, until ${relativeTime(view.until, now)}`;
  return [['waiting on', `${plain(on)}${until}`]];
}

function workRows(view: IssueView, now: number): readonly Row[] {
  const { branch, base, run, change, evidence, pullRequest } = view;
  const concerns = evidence?.concerns ?? [];
  return [
    ...row(
      'branch',
      branch === null ? '' : `${plain(branch)}${base === null ? '' : ` on ${shortCommit(base)}`}`,
    ),
    ...(run === null ? [] : runRows(run, view.runs, now)),
    ...row(
      'change',
      change === null
        ? ''
        : `${shortCommit(change.commit)}, ${count(change.files, 'file')}, diff ${shortOf(change.diff)}`,
    ),
    ...row(
      'evidence',
      evidence === null
        ? ''
        : `${shortOf(evidence.digest)}, ${concerns.length === 0 ? 'no concerns' : count(concerns.length, 'concern')}`,
    ),
    ...concerns.map(concern => ['concern', plain(concern)] as const),
    ...mergeRows(view),
    ...row(
      'pull request',
      pullRequest === null
        ? ''
        : `#${pullRequest.number} at ${shortCommit(pullRequest.head)}  ${plain(pullRequest.url)}`,
    ),
  ];
}

/** What moved below the change, and what still counts. */
function mergeRows({ mergesInto, carried = [], handedOver }: IssueView): readonly Row[] {
  return [
    ...row('merges into', mergesInto === undefined ? '' : `${shortCommit(mergesInto)}, verified`),
    ...carried.map(line => ['carried over', plain(line)] as const),
    ...row('handed over', handedOver === undefined ? '' : `to ${plain(handedOver)}`),
  ];
}

function runRows(run: NonNullable<IssueView['run']>, runs: number, now: number): readonly Row[] {
  return [
    ...row('run', runText(run, runs, now)),
    ...row('box', plain(run.box ?? '')),
    ...row('workspace', plain(run.keptWorkspace ?? '')),
  ];
}

function runText(run: NonNullable<IssueView['run']>, runs: number, now: number): string {
  const id = `${plain(run.runId)}${runs > 1 ? ` (of ${runs})` : ''}`;
  if (run.ending === null) return `${id}: running for ${durationText(now - run.startedAt)}`;
  const took = run.endedAt === null ? '' : ` after ${durationText(run.endedAt - run.startedAt)}`;
  return `${id}: ${run.ending}${took}: ${plain(run.summary ?? '')}`;
}

function releaseRows(view: IssueView, now: number): readonly Row[] {
  const { merge, verifiedAt, closedAt } = view;
  return [
    ...row('merged', merge === null ? '' : `${shortCommit(merge.commit)} ${relativeTime(merge.at, now)}`),
    ...row('release', merge === null || verifiedAt !== null ? '' : `owner ${plain(view.releaseOwner)}`),
    ...view.releaseOwes.map(owed => ['required', plain(owed)] as const),
    ...row('verified', verifiedAt === null ? '' : relativeTime(verifiedAt, now)),
    ...row('closed', closedAt === null ? '' : relativeTime(closedAt, now)),
  ];
}

function recordRows(view: IssueView): readonly Row[] {
  return [
    [
      'cost',
      `${view.spentUsd.toFixed(4)} USD${view.reservedUsd > 0 ? `, up to ${view.reservedUsd.toFixed(4)} USD more for the current run` : ''}`,
    ],
    ['audit', `${count(view.auditSeq, 'record')}, head ${shortOf(view.auditHead)}`],
  ];
}

function temporalRow(known: KnownIssue, now: number): Row {
  const when =
    known.endedAt === undefined
      ? `started ${relativeTime(known.startedAt, now)}`
      : `ended ${relativeTime(known.endedAt, now)}`;
  return ['workflow', `${known.workflowId} ${known.status.toLowerCase().replaceAll('_', ' ')}, ${when}`];
}

function row(label: string, text: string): readonly Row[] {
  return text === '' ? [] : [[label, text]];
}

function rowLines(rows: readonly Row[], { paint }: Terminal): readonly string[] {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, text]) => `  ${paint.dim(label.padEnd(width))}  ${text}`);
}

/** A view holds digests as plain strings. */
export function shortOf(digest: string): string {
  return shortDigest(digest as Digest);
}
