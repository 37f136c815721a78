/** Coverage: which stages, stage changes, gates, holds, waits, rungs, endings, limits, decisions, drift and faults occurred. */
import { GATES, DECISION_KINDS } from '../../../src/domain/decision.ts';
import { ENDINGS } from '../../../src/domain/ending.ts';
import type { Event } from '../../../src/domain/event.ts';
import { FAILURES } from '../../../src/domain/failure.ts';
import { stageOf } from '../../../src/domain/facts.ts';
import { MODES } from '../../../src/domain/mode.ts';
import { nextStep } from '../../../src/domain/next-step.ts';
import { RISKS } from '../../../src/domain/risk.ts';
import { OTHER_ENDS, STAGE_EDGES, STAGES } from '../../../src/domain/stage.ts';
import type { IssueState } from '../../../src/domain/state.ts';
import { RUNGS } from '../../../src/domain/state/people.ts';
import type { EffectKind, HoldKind, Upkeep } from '../../../src/domain/step.ts';
import type { WaitFor } from '../../../src/domain/wait.ts';
import { HEADS } from './branch.ts';
import { riskNow } from './oracle.ts';

/** The unions that have no table in the rules: a new member without a line here does not compile. */
const HOLD_KINDS: Readonly<Record<HoldKind, true>> = {
  gate: true,
  escalated: true,
  blocked: true,
  paused: true,
  delayed: true,
};
const WAITS: Readonly<Record<Exclude<WaitFor, 'permit'>, true>> = {
  look: true,
  effect: true,
  checks: true,
  turn: true,
  merge: true,
  deployment: true,
  soak: true,
};
const EFFECTS: Readonly<Record<EffectKind, true>> = {
  'read-policy': true,
  'claim-branch': true,
  'run-agent': true,
  'adopt-commits': true,
  'apply-suggestions': true,
  'build-change': true,
  'build-candidate': true,
  'verify-change': true,
  'verify-candidate': true,
  'build-ahead': true,
  'verify-ahead': true,
  'assemble-evidence': true,
  'push-commit': true,
  'publish-evidence': true,
  'open-pull-request': true,
  'mark-ready': true,
  'rerun-check': true,
  'join-line': true,
  merge: true,
  'hand-over-merge': true,
  'take-back-merge': true,
  'read-arrival': true,
  'check-release': true,
  'release-claim': true,
  'close-issue': true,
};
const UPKEEPS: Readonly<Record<Upkeep['kind'], true>> = {
  look: true,
  reply: true,
  'answer-threads': true,
  call: true,
  'fold-call': true,
  project: true,
  'archive-audit': true,
  'leave-line': true,
};
const FAULT_EVENTS = [
  'step-failed',
  'step-cancelled',
  'step-lost',
  'upkeep-failed',
  'step-delayed',
  'upkeep-delayed',
  'change-refused',
  'change-outdated',
  'merge-conflict',
  'adoption-refused',
  'suggestions-refused',
  'branch-moved',
] as const;

/** Reasons of holds, as people read them. */
const LIMITS: Readonly<Record<string, RegExp>> = {
  attempts: /attempts are used up/,
  'lost runs': /runs were lost with their hosts/,
  money: /USD is used up/,
  'lost verifications': /was lost with its host \d+ times/,
};

/** The rows of the drift table. */
const DRIFT: Readonly<Record<string, (before: IssueState, after: IssueState) => boolean>> = {
  'the issue was edited': (before, { subject }) =>
    before.subject !== undefined && before.subject.digest !== subject?.digest,
  'the opt-in is gone': (before, { subject }) => !!before.subject?.optIn && subject?.optIn === null,
  'the issue was closed before a merge': (before, after) =>
    after.merge === undefined && before.cancelled === undefined && after.cancelled?.by.kind === 'outside',
  'the issue was reopened before it was verified': (before, after) =>
    before.closedAt !== undefined && after.closedAt === undefined,
  'the issue was transferred': (_before, { gone }) => gone === 'transferred',
  'the issue was deleted': (_before, { gone }) => gone === 'deleted',
  'the issue cannot be seen': (_before, { gone }) => gone === 'not-found',
  'the pull request was closed': (_before, { pullRequest }) =>
    pullRequest?.state === 'closed' && pullRequest.merged === null,
  'the pull request was retargeted': (_before, { pullRequest }) => pullRequest?.base === 'other',
  'the pull request was made a draft': (_before, { pullRequest }) => pullRequest?.draft === true,
  'the pull request got commits of others': (_before, { pullRequest }) => pullRequest?.head === 'foreign',
  'the branch was replaced': (_before, { pullRequest }) => pullRequest?.head === HEADS.replaced,
  'the branch moved after its head was adopted': (before, { adoption, pullRequest }) =>
    before.adoption !== undefined && adoption === undefined && pullRequest?.head === HEADS.further,
  'the default branch changed files of adopted commits': (_before, { blocked }) =>
    /of the same files|conflicts in/.test(blocked?.reason ?? ''),
  'a person merged the verified head': (_before, { merge, pushed }) =>
    merge?.by.kind === 'person' && merge.by.how === 'github-act' && merge.head === pushed,
  'a person merged another head': (_before, { merge, pushed }) =>
    merge !== undefined && merge.head !== pushed,
  'the default branch moved below a change': (before, { change }) =>
    before.change?.runId === change?.runId && before.change?.commit !== change?.commit,
  'the default branch moved below a head that stays': (before, { candidate }) =>
    candidate !== undefined && before.candidate === undefined,
  'what arrived was verified afterwards': ({ merge }, { candidate }) =>
    merge !== undefined && (candidate?.provenAt ?? 0) > merge.at,
  'the default branch changed files of the change': (before, after) => before.runBase !== after.runBase,
  'a review asks for changes': (before, { feedback }) => before.feedback !== feedback,
  'a review waits for the attempt after the running one': (before, { requestedChanges, runs }) =>
    before.requestedChanges !== requestedChanges && runs.at(-1)?.end === undefined && runs.length > 1,
  'an approving review counts no longer': ({ approvals }, after) =>
    approvals.some(approval => approval.review !== undefined && !after.approvals.includes(approval)),
};

/** Everything that the probes must reach, by name. */
export function expected(): readonly string[] {
  const all = (kind: string, names: readonly string[]): readonly string[] =>
    names.map(name => `${kind} ${name}`);
  return [
    ...all('stage', [...STAGES, ...OTHER_ENDS]),
    ...all(
      'stage change',
      STAGE_EDGES.flatMap(({ from, to, by }) => by.map(cause => `${from} → ${to} by ${cause}`)),
    ),
    ...all('gate', GATES),
    ...all('hold', Object.keys(HOLD_KINDS)),
    ...all('wait', Object.keys(WAITS)),
    ...all('rung', RUNGS),
    ...all('mode', MODES),
    ...all('risk', RISKS),
    ...all('ending', ENDINGS),
    ...all('effect', Object.keys(EFFECTS)),
    ...all('upkeep', Object.keys(UPKEEPS)),
    ...all('decision taken:', DECISION_KINDS),
    ...all(
      'decision refused:',
      DECISION_KINDS.filter(kind => kind !== 'escalate'),
    ),
    ...all('judgement', [
      ...['person product', 'person engineering', 'person release', 'worker automatic', 'rule automatic'],
      ...['outside automatic', 'outside product'],
    ]),
    ...all('limit', Object.keys(LIMITS)),
    ...all('drift:', Object.keys(DRIFT)),
    ...all('failure', Object.keys(FAILURES)),
    ...all('fault', FAULT_EVENTS),
    ...all('end', ['release-verified', ...OTHER_ENDS]),
  ];
}

const seen = new Set<string>();

export const witnessed = (): ReadonlySet<string> => seen;

export function witness(before: IssueState, event: Event, after: IssueState): void {
  note('stage', stageOf(after));
  // One look can contain several changes: each has its record.
  for (const { seq, from, to } of after.audit.records)
    if (seq >= before.audit.nextSeq && from !== to)
      note('stage change', `${from} → ${to} by ${causeOf(event)}`);
  note('mode', after.runs.at(-1)?.mode);
  note('risk', riskNow(after));
  note('rung', after.held?.rung);
  noteStep(after);
  for (const [row, happened] of Object.entries(DRIFT)) if (happened(before, after)) note('drift:', row);
  noteEvent(event);
  const record = after.audit.records.at(-1);
  if (record !== undefined) note('judgement', `${record.actor.kind} ${record.judgement}`);
  const [, refused, kind] = /^(refused )?\/([a-z-]+)/.exec(record?.cause ?? '') ?? [];
  if (kind !== undefined) note(refused === undefined ? 'decision taken:' : 'decision refused:', kind);
}

/** As `STAGE_EDGES` names it: a decision by its kind, everything else by the type of the event. */
export const causeOf = (event: Event): string =>
  event.type === 'decision' ? `/${event.decision.kind}` : event.type;

export function witnessUpkeep({ kind }: Upkeep): void {
  note('upkeep', kind);
}

function noteStep(state: IssueState): void {
  const step = nextStep(state);
  switch (step.kind) {
    case 'effect': {
      note('effect', step.effect.kind);
      return;
    }
    case 'wait': {
      note('wait', step.for);
      return;
    }
    case 'end': {
      note('end', step.stage);
      return;
    }
    case 'hold': {
      const [why = ''] = step.hold.why;
      note('hold', step.hold.kind);
      note('gate', step.hold.gate);
      for (const [name, said] of Object.entries(LIMITS)) if (said.test(why)) note('limit', name);
    }
  }
}

function noteEvent(event: Event): void {
  if (FAULT_EVENTS.some(type => type === event.type)) note('fault', event.type);
  if (event.type === 'run-ended') note('ending', event.end.ending);
  if (event.type === 'commits-adopted') note('ending', 'adopted');
  if (event.type === 'suggestions-applied') note('ending', 'suggested');
  if (event.type === 'step-failed' || event.type === 'upkeep-failed') note('failure', event.failure);
}

function note(kind: string, name: string | undefined): void {
  if (name !== undefined) seen.add(`${kind} ${name}`);
}
