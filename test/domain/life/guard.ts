/**
 * Checks one world: when an effect starts, when it is cancelled, and after every event. It remembers what each approval
 * was given for, what was refused and pushed, and every record.
 */
import { type AuditRecord, auditProblem, newTrail } from '../../../src/domain/audit.ts';
import { chainName } from '../../../src/domain/begin.ts';
import type { Gate } from '../../../src/domain/decision.ts';
import type { Event } from '../../../src/domain/event.ts';
import { nextStep } from '../../../src/domain/next-step.ts';
import { omit } from '../../../src/domain/omit.ts';
import type { IssueState } from '../../../src/domain/state.ts';
import type { Approval } from '../../../src/domain/state/people.ts';
import type { CallPlan, Effect, Notice, Step, Upkeep } from '../../../src/domain/step.ts';
import { beginsEffect, beginsInTime } from './begins.ts';
import { beginsRun } from './begins-run.ts';
import { headSaid, replacesAsSaid } from './branch.ts';
import {
  beginsCall,
  beginsFold,
  beginsNotice,
  type Calling,
  checkCallFacts,
  checkCalls,
  stillAsked,
  withoutDelayed,
} from './calls-check.ts';
import { checkAhead } from './ahead-check.ts';
import { checkArrived, checkCarried, remembers } from './candidate-check.ts';
import { checkCi } from './ci.ts';
import { checkDrawn } from './drawn.ts';
import { checkDecision } from './decision-oracle.ts';
import { checkFacts } from './facts-check.ts';
import { heardIn, type HeardAt } from './heard.ts';
import { checkClimb, checkDelivered } from './hold-oracle.ts';
import { must } from './invariants.ts';
import { beginsLane, cancelsEffect, isInFlight } from './lanes-check.ts';
import { asks, boundFacts } from './oracle.ts';
import { checkPeople } from './people-check.ts';
import { checkVerified } from './release-oracle.ts';
import { checkVoid } from './void-oracle.ts';
import { witness, witnessUpkeep } from './witness.ts';
import type { InFlight, Watch } from './world.ts';

/** What approvals were given for, by digest. Shared between worlds, it shows whether an approval is valid in another one. */
export type Given = Map<string, Set<string>>;

export interface Memory {
  readonly refused: readonly string[];
  readonly claimsFailed: readonly string[];
  readonly called: readonly Calling[];
  /** The commit of the latest push that was started. */
  readonly pushing?: string;
  /** The head of others that the latest accepted word of a person named. */
  readonly named?: string;
}

export class Guard implements Watch {
  readonly records: AuditRecord[] = [];
  readonly events: Event[] = [];
  readonly #given: Given;
  /** Plain data, copied with the world. */
  memory: Memory;

  constructor(given: Given = new Map(), memory: Memory = { refused: [], claimsFailed: [], called: [] }) {
    this.#given = given;
    this.memory = memory;
  }

  copy(): Guard {
    return new Guard(this.#given, this.memory);
  }

  readonly starts = (state: IssueState, effect: Effect, flights: InFlight): void => {
    beginsLane(flights, 'effect');
    beginsEffect(state, effect);
    switch (effect.kind) {
      case 'claim-branch':
        this.memory = { ...this.memory, claimsFailed: without(this.memory.claimsFailed, effect.branch) };
        this.#passed(state, 'start');
        return;
      case 'run-agent':
        beginsRun(state, effect);
        this.#passed(state, 'start');
        return;
      case 'build-change':
        must('13 refused', !this.memory.refused.includes(effect.runId), `${effect.runId} is built again`);
        return;
      case 'push-commit':
        replacesAsSaid(state, effect, this.memory.named);
        this.memory = { ...this.memory, pushing: effect.commit };
        this.#passed(state, 'publish');
        return;
      case 'merge':
        this.#passed(state, 'merge');
        return;
      case 'release-claim':
        must(
          '23 theirs',
          !this.memory.claimsFailed.includes(effect.branch),
          'the branch of another is deleted',
        );
        return;
      default:
    }
  };

  /** Nothing is posted before the opt-in, or on an issue that is gone. */
  readonly tends = (state: IssueState, upkeep: Upkeep, flights: InFlight): void => {
    beginsLane(flights, 'upkeep');
    witnessUpkeep(upkeep);
    beginsInTime(state, upkeep.kind);
    if (upkeep.kind === 'fold-call') beginsFold(state, upkeep);
    if (!WRITES.includes(upkeep.kind)) return;
    const isAsked = state.projected !== undefined || (state.subject?.optIn ?? null) !== null;
    must('9 opt-in', isAsked, 'it is projected before the opt-in');
    must('23 theirs', state.gone === undefined, `it is projected on an issue that is ${state.gone ?? ''}`);
    const step = nextStep(state);
    if (upkeep.kind === 'call') this.#called(state, upkeep.call);
    if (upkeep.kind !== 'project') return;
    const passing = step.kind === 'effect' && step.effect.kind !== 'run-agent' ? step.effect.kind : undefined;
    must('21 quiet', passing === undefined, `${passing ?? ''} is projected`);
  };

  readonly tells = (state: IssueState, notice: Notice, flights: InFlight): void => {
    must('3 one notice', flights.notice === undefined, 'a second notice starts');
    beginsNotice(state, notice, nextStep(state));
  };

  /** An effect that is still due without the news continues until the news is read. */
  readonly cancels = (state: IssueState, flights: InFlight): void => {
    const step = nextStep(state);
    cancelsEffect(flights, step);
    if (step.kind !== 'wait' || step.for !== 'look') return;
    const isDue = isInFlight(flights, nextStep({ ...state, due: {} }));
    must('19 undisturbed', !isDue, 'an effect is cancelled for news alone');
  };

  readonly applied = (before: IssueState, event: Event, after: IssueState): void => {
    this.events.push(event);
    remembers(event);
    checkAhead(before, event, after);
    witness(before, event, after);
    this.records.push(...after.audit.records.filter(record => record.seq >= before.audit.nextSeq));
    const moments = heardIn(before, event, after);
    for (const approval of after.approvals.filter(one => !before.approvals.includes(one))) {
      checkCarried(before, approval, after);
      this.#remember(approval, momentOf(approval, moments), { before, after });
    }
    this.memory = withNamed(remembered(this.memory, event), moments);
    this.memory = {
      ...this.memory,
      called: stillAsked(withoutDelayed(this.memory.called, event), before, after),
    };
    checkCallFacts(before, event, after);
    for (const { heard, from, to } of moments) checkDecision(from, heard, to);
    checkFacts(before, event, after);
    checkCi(before, after);
    checkPeople(after);
    checkClimb(before, event, after);
    if (before.deliveredAt === undefined && after.deliveredAt !== undefined) checkDelivered(after);
    if (before.verifiedAt === undefined && after.verifiedAt !== undefined)
      this.#verified(before, event, after);
    checkDrawn(before, event, after);
  };

  /** 23: a look that is early or late does not treat our own push as a foreign one. */
  checkOwn({ pullRequest, branchFound, pushed, pushedBefore, due }: IssueState, step: Step): void {
    if (step.kind !== 'hold' || !/the branch has .*not verified/.test(step.hold.why[0] ?? '')) return;
    const head = branchFound?.head ?? pullRequest?.head;
    const isLate = head === pushedBefore && due['pull-request'] !== undefined;
    must(
      '23 own',
      head !== pushed && head !== this.memory.pushing && !isLate,
      `held for our own ${head ?? ''}`,
    );
  }

  /** 21, 7: a valid approval is not requested again; a void one is requested with what changed. */
  checkAsked(state: IssueState, step: Step): void {
    if (step.kind !== 'hold' || step.hold.gate === undefined) return;
    const { hold } = step;
    const { gate } = step.hold;
    const facts = boundFacts(state, gate);
    const exact = state.approvals.flatMap(approval => this.#exactly(approval, gate) ?? []);
    const stands = exact.includes(facts);
    must('21 in vain', gate === 'merge' || !stands, `the ${gate} gate is open although it was approved`);
    const latest = state.approvals.findLast(approval => approval.gate === gate);
    const given = latest === undefined ? undefined : this.#exactly(latest, gate);
    if (!stands && given !== undefined) checkVoid(hold, given, facts);
  }

  checkCalls(state: IssueState, step: Step): void {
    checkCalls(state, step, this.memory.called);
  }

  #called(state: IssueState, call: CallPlan): void {
    const begun = beginsCall(state, call, this.memory.called);
    this.memory = { ...this.memory, called: [...this.memory.called, begun] };
  }

  /** 16: the chain is complete and starts at its name. */
  checkChain(state: IssueState): void {
    const problem = auditProblem(this.records, newTrail(chainName(state)).head);
    must('16 audit', problem === undefined, problem ?? '');
    must(
      '16 audit',
      (this.records.at(-1)?.hash ?? state.audit.head) === state.audit.head,
      'a record is lost',
    );
  }

  /** A look can contain several acts: a command applies to the state in which it is read, a review to the state after the look. */
  #remember(
    { gate, digest }: Approval,
    from: IssueState | undefined,
    { before, after }: { readonly before: IssueState; readonly after: IssueState },
  ): void {
    const facts = boundFacts(from ?? after, gate);
    const known = this.#given.get(digest) ?? new Set();
    const isExact = from !== undefined;
    must('7 bound', !isExact || known.size !== 1 || known.has(facts), `${digest} is given for two things`);
    known.add(facts);
    if (!isExact) known.add(boundFacts(omitFeedback(before, after), gate));
    this.#given.set(digest, known);
  }

  /** 7: a gate that must be asked has an approval by a person for exactly the current facts. */
  #passed(state: IssueState, gate: Gate): void {
    must(
      '7 bound',
      !asks(state, gate) || this.#stands(state, gate),
      `no approval at the ${gate} gate for this`,
    );
  }

  #stands(state: IssueState, gate: Gate): boolean {
    const facts = boundFacts(state, gate);
    return state.approvals.some(
      ({ by, digest }) => by.kind === 'person' && this.#given.get(digest)?.has(facts) === true,
    );
  }

  /** What it was given for, if nothing else happened at the same time. */
  #exactly({ gate: of, digest, by }: Approval, gate: Gate): string | undefined {
    const [given, ...others] = this.#given.get(digest) ?? [];
    const isExact = of === gate && by.kind === 'person' && by.how !== 'github-review' && others.length === 0;
    return isExact ? given : undefined;
  }

  #verified(before: IssueState, event: Event, after: IssueState): void {
    const byHand = heardIn(before, event, after).some(
      ({ heard, from }) => heard.decision.kind === 'verify-release' && from.verifiedAt === undefined,
    );
    if (byHand) return;
    checkArrived(after);
    checkVerified(after, !asks(after, 'release') || this.#stands(after, 'release'));
  }
}

function withNamed(memory: Memory, moments: readonly HeardAt[]): Memory {
  const isTaken = ({ from, to }: HeardAt): boolean =>
    to.refusedDecision === undefined || to.refusedDecision === from.refusedDecision;
  const named = moments.filter(isTaken).flatMap(({ heard, from }) => headSaid(from, heard.decision) ?? []);
  return named.length === 0 ? memory : { ...memory, named: named.at(-1) ?? '' };
}

const WRITES: readonly Upkeep['kind'][] = ['project', 'reply', 'call'];

function remembered(memory: Memory, event: Event): Memory {
  if (event.type === 'change-refused' && event.refusals.length > 0)
    return { ...memory, refused: [...without(memory.refused, event.runId), event.runId] };
  if (event.type !== 'step-failed' || event.effect.kind !== 'claim-branch') return memory;
  if (event.failure !== 'BranchTaken') return memory;
  const { branch } = event.effect;
  return { ...memory, claimsFailed: [...without(memory.claimsFailed, branch), branch] };
}

/** The state in which the approving command was read; undefined for a review. */
function momentOf({ digest, by }: Approval, moments: readonly HeardAt[]): IssueState | undefined {
  const isIt = (given: Pick<Approval, 'by'>): boolean => JSON.stringify(given.by) === JSON.stringify(by);
  const gave = ({ heard: { decision }, to }: HeardAt): boolean =>
    decision.kind === 'approve' &&
    isIt(decision) &&
    to.approvals.some(it => it.digest === digest && isIt(it));
  return moments.find(gave)?.from;
}

const without = (names: readonly string[], name: string): readonly string[] =>
  names.filter(known => known !== name);

function omitFeedback({ setAsideTo, feedback }: IssueState, after: IssueState): IssueState {
  return { ...omit(after, 'feedback'), setAsideTo, ...(feedback === undefined ? {} : { feedback }) };
}
