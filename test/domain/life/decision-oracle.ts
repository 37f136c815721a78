/** Which decisions must be accepted, and what they must do: a second statement, independent of the rules. */
import type { Actor } from '../../../src/domain/actor.ts';
import type { Decision, DecisionKind, Gate, Judgement } from '../../../src/domain/decision.ts';
import { nextStep } from '../../../src/domain/next-step.ts';
import type { IssueState } from '../../../src/domain/state.ts';
import type { Hold } from '../../../src/domain/step.ts';
import { HEADS, isNamed, isRead, isWordless, theirHead } from './branch.ts';
import { type Invariant, must } from './invariants.ts';
import { factsOf } from './known.ts';
import { roleSuffices } from './oracle.ts';

const PREFIX_MIN = 12;

/** `edited`: the decision is in an edited comment. */
export interface Heard {
  readonly decision: Decision;
  readonly edited: boolean;
}

export function checkDecision(before: IssueState, heard: Heard, after: IssueState): void {
  const { decision } = heard;
  const broken = mustRefuse(before, heard);
  if (broken !== undefined) {
    must(broken, factsOf(before) === factsOf(after), `/${decision.kind} was accepted`);
    const isSilent = broken === '20 seen once' || broken === '20 over';
    must(
      broken,
      isSilent || after.refusedDecision?.kind === decision.kind,
      `/${decision.kind} was not refused`,
    );
    const { by } = decision;
    const told = isSilent || by.kind !== 'person' || after.refusedDecision?.by === by.login;
    checkRefusals(before, decision, after);
    must('21 told', told, `the refusal names ${after.refusedDecision?.by ?? 'no one'}`);
    return;
  }
  // What is taken leaves the refusals of earlier commands of its comment for their author to see.
  const left = isFurther(decision) ? before.refusedDecision : undefined;
  must('21 heard', isSame(after.refusedDecision, left), after.refusedDecision?.why ?? 'a refusal is hidden');
  checkRecord(before, decision, after);
  must('21 heard', DONE[decision.kind](before, decision, after), `/${decision.kind} had another effect`);
}

/** The kind of judgement of each decision; at a gate it is the gate's. */
const JUDGED: Readonly<Record<Exclude<DecisionKind, 'approve' | 'reject'>, Judgement>> = {
  answer: 'engineering',
  adopt: 'engineering',
  escalate: 'engineering',
  retry: 'engineering',
  pause: 'product',
  resume: 'product',
  cancel: 'product',
  'set-mode': 'product',
  'assign-release-owner': 'release',
  'verify-release': 'release',
};
const GATE_JUDGED: Readonly<Record<Gate, Judgement>> = {
  start: 'product',
  publish: 'engineering',
  merge: 'engineering',
  release: 'release',
};

/** The record of a decision names the person, the gate and the kind of judgement. */
function checkRecord(before: IssueState, { kind, by }: Decision, { audit }: IssueState): void {
  const record = audit.records.findLast(({ cause }) => cause.startsWith(`/${kind}`));
  const gate = shown(before)?.gate;
  const isOfGate = kind === 'approve' || kind === 'reject';
  const judged = isOfGate ? GATE_JUDGED[gate ?? 'start'] : JUDGED[kind];
  must('16 audit', isBy(record?.actor, by), `/${kind} is recorded for another person`);
  must('16 audit', record?.judgement === judged, `/${kind} is recorded as ${record?.judgement ?? 'nothing'}`);
  const isNamed = !isOfGate || record?.cause.startsWith(`/${kind} at the ${gate ?? ''} gate`) === true;
  must('16 audit', isNamed, `no gate in: ${record?.cause ?? ''}`);
}

function mustRefuse(state: IssueState, { decision, edited }: Heard): Invariant | undefined {
  if (state.decisionsSeen.includes(decision.id)) return '20 seen once';
  if (isOver(state)) return '20 over';
  if (decision.generation !== undefined && decision.generation !== state.generation) return '20 generation';
  if (decision.by.kind !== 'person' || isBot(decision.by.login)) return '9 persons only';
  if (edited) return '9 edited';
  return whoMayNot(state, decision) ?? unclear(decision) ?? SENSELESS[decision.kind](state, decision);
}

function isOver({ merge, gone, cancelled, deliveredAt, verifiedAt, closedAt }: IssueState): boolean {
  if (merge !== undefined) return verifiedAt !== undefined && (closedAt !== undefined || gone !== undefined);
  return deliveredAt !== undefined || cancelled !== undefined || gone === 'transferred' || gone === 'deleted';
}

function whoMayNot({ policy }: IssueState, { kind, by, source }: Decision): Invariant | undefined {
  if (policy === undefined) return kind === 'retry' ? undefined : '9 source';
  if (!policy.decisions.sources.includes(source)) return '9 source';
  if (by.kind !== 'person' || by.how === 'temporal') return undefined;
  return by.role !== undefined && roleSuffices(by.role, policy.decisions.roleMin) ? undefined : '9 role';
}

/** Not the first command of its comment. */
const isFurther = ({ id }: Decision): boolean => /^comment-\d+\./.test(id);

/** The refusals of one comment stand together. */
function checkRefusals(before: IssueState, decision: Decision, after: IssueState): void {
  const known = isFurther(decision) ? before.refusedDecision : undefined;
  if (known === undefined || after.refusedDecision === before.refusedDecision) return;
  const wanted = [...(known.earlier ?? []), { kind: known.kind, why: known.why }];
  must(
    '21 told',
    isSame(after.refusedDecision?.earlier, wanted),
    'an earlier refusal of the comment is hidden',
  );
}

function unclear(decision: Decision): Invariant | undefined {
  return decision.unclear === undefined ? undefined : '9 command';
}

/** The hold that people see at the open gate. */
function shown(state: IssueState): Hold | undefined {
  const step = nextStep(state);
  return step.kind === 'hold' && step.hold.gate !== undefined ? step.hold : undefined;
}

const isBot = (login: string): boolean => login.toLowerCase().endsWith('[bot]');

type Rule = (state: IssueState, decision: Decision) => Invariant | undefined;

const SENSELESS: Readonly<Record<DecisionKind, Rule>> = {
  approve: (state, decision) => {
    const hold = shown(state);
    const named = decision.digest?.replace('sha256:', '') ?? '';
    if (hold === undefined || (decision.gate ?? hold.gate) !== hold.gate) return '7 named';
    if (state.approvals.some(({ digest }) => digest === hold.digest)) return '21 sense';
    if (named.length < PREFIX_MIN || hold.digest?.startsWith(`sha256:${named}`) !== true) return '7 named';
    return hold.gate === 'release' && !isOwner(state, decision) ? '7 owner' : undefined;
  },
  reject: state => (shown(state) === undefined ? '21 sense' : undefined),
  answer: (state, { reason }) => {
    if (state.paused !== undefined || reason === undefined) return '21 sense';
    if (state.blocked !== undefined) return state.blocked.wordless === undefined ? '21 sense' : undefined;
    return isAsked(state) ? undefined : '21 sense';
  },
  adopt: (state, { head = '' }) => {
    if (state.paused !== undefined || state.merge !== undefined) return '21 sense';
    const there = theirHead(state);
    if (there === undefined || !isNamed(there, head)) return '23 named';
    return there === HEADS.replaced || !isRead(there) ? '21 sense' : undefined;
  },
  escalate: (_state, { to = '' }) => (isBot(to) ? '21 sense' : undefined),
  retry: (state, { reason }) => {
    if (state.paused !== undefined) return '21 sense';
    // A run without a word of feedback is money for nothing.
    if (state.blocked?.wordless !== undefined && isWordless(state, reason)) return '21 sense';
    if (state.escalated !== undefined || state.blocked !== undefined) return undefined;
    const there = theirHead(state);
    if (there !== undefined && nextStep(state).kind === 'hold') {
      const [first = ''] = (reason ?? '').split(' ');
      if (isNamed(there, first)) return undefined;
      return state.branchFound === undefined || /^[0-9a-f]{7}/.test(first) ? '23 named' : undefined;
    }
    return shown(state) !== undefined || nextStep(state).kind === 'effect' ? '21 sense' : undefined;
  },
  pause: state => (state.paused === undefined ? undefined : '21 sense'),
  resume: state => (state.paused === undefined && state.escalated === undefined ? '21 sense' : undefined),
  cancel: state => (state.merge === undefined ? undefined : '21 sense'),
  'set-mode': (state, { mode }) =>
    mode === undefined || !['auto-run', 'guarded', 'analysis', 'spike'].includes(mode)
      ? '21 sense'
      : state.pullRequest === undefined
        ? undefined
        : '7 modes',
  'assign-release-owner': (_state, { to = '[bot]' }) => (isBot(to) ? '21 sense' : undefined),

  'verify-release': (state, decision) => {
    if (state.merge === undefined) return '6 release';
    if (state.verifiedAt !== undefined) return '21 sense';
    return isOwner(state, decision) ? undefined : '7 owner';
  },
};

/** Without a named owner, everyone who may decide is one. */
function isOwner(state: IssueState, { by }: Decision): boolean {
  const named = (state.releaseOwner ?? state.policy?.release.owner ?? '').replace('@', '');
  return named === '' || (by.kind === 'person' && by.login.toLowerCase() === named.toLowerCase());
}

/** The agent found nothing, reported instead of changing, met a stop condition, or asks. */
function isAsked(state: IssueState): boolean {
  const step = nextStep(state);
  const [why = ''] = step.kind === 'hold' && step.hold.kind === 'blocked' ? step.hold.why : [];
  return /: did (?:no-change|analysis|blocked|needs-human)/.test(why);
}

type Done = (before: IssueState, decision: Decision, after: IssueState) => boolean;

const DONE: Readonly<Record<DecisionKind, Done>> = {
  approve: (before, { by, source }, { approvals, due }) => {
    const hold = shown(before);
    const [given, ...others] = approvals.filter(
      approval => !before.approvals.some(known => isSame(known, approval)),
    );
    return (
      given?.digest === hold?.digest &&
      given?.gate === hold?.gate &&
      isBy(given?.by, by) &&
      // An update may have overtaken an edit.
      (source !== 'temporal' || due.issue !== undefined) &&
      others.length === 0
    );
  },
  reject: (before, { reason = '' }, after) => {
    const attempt = before.runs.at(-1)?.attempt ?? 0;
    const gate = shown(before)?.gate;
    const isOfChange = gate === 'publish' || gate === 'merge';
    const lesson = after.rejections.at(-1);
    return (
      after.blocked !== undefined &&
      after.setAsideTo === (isOfChange ? attempt : before.setAsideTo) &&
      (!isOfChange || (lesson?.attempt === attempt && lesson.reason.includes(reason)))
    );
  },
  answer: (before, decision, after) => DONE.retry(before, decision, after) && countsNoMore(after),
  adopt: (before, { by }, after) =>
    after.adoption?.head === theirHead(before) &&
    isBy(after.adoption?.by, by) &&
    after.policyDue &&
    [after.escalated, after.blocked].every(halt => halt === undefined),
  escalate: (before, { to, reason = '' }, { escalated }) =>
    escalated?.reason === reason && escalated.to === (to ?? before.policy?.escalation.to),
  retry: (before, { reason }, after) =>
    (reason === undefined ||
      after.rejections.at(-1)?.reason.includes(reason) === true ||
      gaveUp(before, reason, after)) &&
    [after.paused, after.escalated, after.blocked].every(halt => halt === undefined) &&
    after.policyDue &&
    !after.upkeepStopped &&
    !after.archiveStopped &&
    after.releaseDue === (before.merge !== undefined) &&
    (['issue', 'comments', 'pull-request'] as const).every(facet => after.due[facet] !== undefined) &&
    (!needsAnother(before) || after.merge !== undefined || countsNoMore(after)),
  pause: (_before, { by }, { paused }) => isBy(paused?.by, by),
  resume: (before, _decision, after) =>
    after.paused === undefined && after.escalated === undefined && after.blocked === before.blocked,
  cancel: (_before, { by }, after) =>
    isBy(after.cancelled?.by, by) &&
    [after.paused, after.escalated, after.blocked].every(halt => halt === undefined),
  'set-mode': (_before, { mode }, { modeSet }) => modeSet === mode,
  'assign-release-owner': (_before, { to }, { releaseOwner }) => releaseOwner === to,
  'verify-release': (_before, _decision, after) => after.verifiedAt === after.at,
};

/** A head that is named is given up, whoever approved the merge is asked again, and further words reach the next attempt. */
function gaveUp(before: IssueState, reason: string, { dropped, approvals, rejections }: IssueState): boolean {
  const there = theirHead(before);
  const [first = '', ...more] = reason.split(' ');
  return (
    there !== undefined &&
    isNamed(there, first) &&
    dropped === there &&
    approvals.every(({ gate }) => gate !== 'merge') &&
    (more.length === 0 || rejections.at(-1)?.reason.endsWith(`: ${more.join(' ')}`) === true)
  );
}

/** One look applied twice gives two equal objects. */
const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const isBy = (actor: Actor | undefined, by: Actor): boolean => isSame(actor, by);

/** Only another attempt helps after a run that needs a person, or whose artifacts are lost. */
function needsAnother(state: IssueState): boolean {
  if (state.blocked !== undefined) return state.blocked.anew === true || state.blocked.wordless !== undefined;
  const step = nextStep(state);
  const [why = ''] = step.kind === 'hold' ? step.hold.why : [];
  return /: did |attempts are used up|runs were lost|change was refused/.test(why);
}

/** All runs so far are set aside, so another attempt follows. */
function countsNoMore({ runs, setAsideTo }: IssueState): boolean {
  return setAsideTo === (runs.at(-1)?.attempt ?? 0);
}
