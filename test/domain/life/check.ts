/** What must hold between acts, and at the end when all faults have stopped. */
import type { DecisionRequest } from '../../../src/domain/decision.ts';
import { stageOf } from '../../../src/domain/facts.ts';
import { evolve } from '../../../src/domain/evolve/evolve.ts';
import { releaseOwnerOf } from '../../../src/domain/hold.ts';
import { nextStep } from '../../../src/domain/next-step.ts';
import { FACETS } from '../../../src/domain/observation.ts';
import { isEnd } from '../../../src/domain/stage.ts';
import type { Step } from '../../../src/domain/step.ts';
import { flow } from './acts.ts';
import type { Guard } from './guard.ts';
import { checkStep } from './hold-oracle.ts';
import { checkPlace, isDelayedInTurn } from './line-check.ts';
import { must } from './invariants.ts';
import { checkLanes } from './lanes-check.ts';
import { comment, decide, poke } from './people.ts';
import { firstState, type World } from './world.ts';

const ENDING_TRIES_MAX = 3;

/** After every act. */
export function checkWorld(world: World, guard: Guard): void {
  const last = world.state.audit.records.at(-1) ?? guard.records.at(-1);
  const { made } = world.github;
  must('2 one pull request', made.pullRequests <= 1, `${made.pullRequests} pull requests`);
  must('4 one merge', made.merges <= 1, `${made.merges} merges`);
  must('5 one claim', made.branches <= 1, `${made.branches} branches`);
  const step = nextStep(world.state);
  checkLanes(world, step);
  checkStep(world.state, step);
  checkPlace(world.state, step, isQuiet(world));
  const { sent } = world.state;
  must('3 in flight', step.kind !== 'end' || sent === undefined, `it ends during ${sent?.kind ?? ''}`);
  guard.checkOwn(world.state, step);
  guard.checkAsked(world.state, step);
  if (world.pause.do === 'rest' || world.ended) guard.checkCalls(world.state, step);
  const hold = holdNow(world.state, step);
  must(
    '16 audit',
    last === undefined || last.to === stageOf(world.state),
    `the stage is not the recorded ${last?.to ?? ''}`,
  );
  must(
    '16 audit',
    last === undefined || last.hold === hold,
    `${hold} is not the recorded ${last?.hold ?? ''}`,
  );
  const isUnread = world.state.pullRequest !== undefined && world.state.due['pull-request'] !== undefined;
  const isCancelled = world.ended && stageOf(world.state) === 'cancelled';
  must('19 read', !isCancelled || !isUnread || world.state.upkeepStopped, 'it ended with unread news');
  must('20 over', !world.ended || isEnd(stageOf(world.state)), 'a life continues after its end');
}

/** No upkeep is in flight, and it would start if it were due. */
function isQuiet({ upkeep, inbox, pause }: World): boolean {
  return upkeep === undefined && inbox.length === 0 && pause.do !== 'await-cancelled';
}

/** A delayed effect that is tried again is what people are still told about. */
function holdNow(state: World['state'], step: Step): string {
  const { delays = [] } = state;
  if (isDelayedInTurn(state, step)) return 'delayed';
  if (step.kind === 'effect' && delays.some(({ kind }) => kind === step.effect.kind)) return 'delayed';
  if (step.kind !== 'hold') return 'none';
  const { kind, gate } = step.hold;
  return gate === undefined ? kind : `gate:${gate}`;
}

/** 21: when faults stop, the world comes to rest, has read everything, and a person can end it. */
export function checkRecovery(world: World, guard: Guard): void {
  world.github = { ...world.github, nextRun: { ending: 'patch', path: 'src/price.ts', concern: false } };
  if (world.github.line !== undefined) world.github = { ...world.github, line: 'free' };
  must('21 rests', goesOn(world), `it never rests: ${JSON.stringify(nextStep(world.state))}`);
  poke(world, ...FACETS);
  must('21 rests', goesOn(world), `it never rests: ${JSON.stringify(nextStep(world.state))}`);
  must('21 delayed', world.state.delays === undefined, 'it is delayed without a cause');
  checkWorld(world, guard);
  checkRead(world);
  const step = nextStep(world.state);
  must(
    '21 rests',
    world.ended || step.kind === 'hold' || (step.kind === 'wait' && step.until !== undefined),
    `it waits for no one: ${JSON.stringify(step)}`,
  );
  endIt(world);
  must('21 ends', world.ended, `a person cannot end it: ${JSON.stringify(nextStep(world.state))}`);
  const { audit, archiveStopped, closedAt, gone } = world.state;
  const isVerified = stageOf(world.state) === 'release-verified';
  must('6 closed last', !isVerified || closedAt !== undefined || gone !== undefined, 'it was never closed');
  must('16 archived', audit.records.length === 0 || archiveStopped, 'records were not archived');
  guard.checkChain(world.state);
  checkFreed(world);
}

const DELAYS_MAX = 12;

/** What was delayed goes on by itself. */
function goesOn(world: World): boolean {
  for (let round = 0; round < DELAYS_MAX; round++) {
    if (!flow(world)) return false;
    if (world.ended) return true;
    if (world.github.place !== undefined) givesTurn(world, world.github.place);
    else if (world.state.delays === undefined && !waitsForTurn(world)) return true;
    else world.advanceToTimer();
  }
  return false;
}

function waitsForTurn({ state }: World): boolean {
  const step = nextStep(state);
  return step.kind === 'wait' && step.for === 'turn';
}

/** The line tells the holder of its place until it is merged or has left. */
function givesTurn(world: World, place: string): void {
  world.turn(place);
  flow(world);
  const isUsed = world.state.mergePlace?.id === place && world.state.mergePlace.turnAt !== undefined;
  must(
    '27 place',
    world.github.place !== place || isUsed || world.state.delays !== undefined,
    'nobody has the place that has the turn',
  );
  if (world.github.place === place) world.advanceToTimer();
}

/** 19: the facts are those on GitHub, whatever webhooks arrived. */
function checkRead({ state, github, ended }: World): void {
  if (ended || state.upkeepStopped || state.policy === undefined) return;
  must('19 read', state.gone === github.gone, `the state says ${state.gone ?? 'here'}`);
  must('19 read', isRead(state, github), 'an edit was never read');
  const isOpen = state.pullRequest !== undefined && state.merge === undefined;
  must('19 read', !isOpen || state.pullRequest.head === github.pullRequest?.head, 'the head was never read');
}

function isRead({ subject }: World['state'], { gone, issue }: World['github']): boolean {
  return gone !== undefined || subject?.digest === issue.digest;
}

/** Ends the life as a person would: resume, retry, then cancel or verify. */
function endIt(world: World): void {
  for (let tries = 0; tries < ENDING_TRIES_MAX && !world.ended; tries++) {
    for (const kind of ['resume', 'retry'] as const) {
      say(world, 'ann', { kind });
      flow(world);
    }
    const by = releaseOwnerOf(world.state);
    say(world, by, { kind: world.state.merge === undefined ? 'cancel' : 'verify-release' });
    flow(world);
    world.now += 1000;
  }
}

/** Decides through a source that the policy accepts. */
function say(world: World, by: string, request: DecisionRequest): void {
  const { sources } = world.github.policy.decisions;
  if (sources.includes('temporal')) {
    decide(world, by, request);
    return;
  }
  comment(world, by === 'ben' ? 'ben' : 'ann', request);
  poke(world, 'comments');
}

/** 5: a cancelled life leaves no branch, except one with commits of people. */
function checkFreed({ state, github: { branch, pullRequest } }: World): void {
  if (stageOf(state) !== 'cancelled' || pullRequest !== undefined || branch === undefined) return;
  const isOurs = branch.head === state.pushed || branch.head.startsWith('base-');
  must('5 freed', !isOurs || state.claimReleased === true, `${branch.name} was not deleted`);
}

/** 18: the same events lead to the same state, which is plain data. */
export function checkReplay(world: World, guard: Guard): void {
  const again = guard.events.reduce((state, event) => evolve(state, event), firstState(world.start));
  must('18 replay', JSON.stringify(again) === JSON.stringify(world.state), 'replay leads to another state');
}
