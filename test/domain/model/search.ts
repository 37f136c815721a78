/**
 * Breadth-first search of every state that a bounded world can reach: the real rules, one issue, effects and looks in two
 * phases each, and a bounded number of acts, approvals and faults in any order. Audit and mark counters do not distinguish states.
 */
import { stageOf } from '../../../src/domain/facts.ts';
import { currentHold } from '../../../src/domain/evolve/evolve.ts';
import { settledReviews } from '../../../src/domain/evolve/reviews.ts';
import { nextStep } from '../../../src/domain/next-step.ts';
import { omit } from '../../../src/domain/omit.ts';
import { checkWorld } from '../life/check.ts';
import { policyOf } from '../life/fixtures.ts';
import { newGitHub } from '../life/github.ts';
import { Guard } from '../life/guard.ts';
import { World } from '../life/world.ts';
import { nameOf } from './intern.ts';
import { checkNames } from './names.ts';
import type { Bounds, Model, Move } from './models.ts';

export interface Found {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  /** Stages, holds, waits and ends that were reached. */
  readonly witnessed: readonly string[];
  readonly broken?: Broken;
}

export interface Broken {
  readonly what: string;
  /** The shortest sequence of moves to the violation. */
  readonly trace: readonly string[];
}

interface Node {
  readonly world: World;
  readonly guard: Guard;
  readonly left: Bounds;
  readonly move?: string;
  readonly from?: Node;
}

export function search(model: Model): Found {
  const first = firstOf(model);
  const seen = new Set([keyOf(first)]);
  const witnessed = new Set<string>();
  let [transitions, depth] = [0, 0];
  const soFar = (): Found => ({ states: seen.size, transitions, depth, witnessed: [...witnessed].sort() });
  for (let level: readonly Node[] = [first]; level.length > 0; depth += 1) {
    const next: Node[] = [];
    for (const node of level) {
      for (const name of reached(node.world)) witnessed.add(name);
      for (const move of model.moves) {
        const after = moved(node, move);
        if (after === undefined) continue;
        if ('what' in after) return { ...soFar(), broken: after };
        transitions += 1;
        const key = keyOf(after);
        if (seen.has(key)) continue;
        seen.add(key);
        const what = problemOf(model, after);
        if (what !== undefined) return { ...soFar(), broken: { what, trace: traceOf(after) } };
        next.push(after);
      }
    }
    level = next;
  }
  return soFar();
}

function firstOf({ policy, github, start, bounds }: Model): Node {
  const guard = new Guard();
  const world = new World(newGitHub({ policy: policyOf(policy), ...github }), guard, start);
  world.settle();
  return { world, guard, left: bounds };
}

/** The world after the move, the broken invariant, or undefined if the move is impossible or used up. */
function moved(node: Node, move: Move): Node | Broken | undefined {
  const { costs } = move;
  const left = costs === undefined ? node.left : { ...node.left, [costs]: node.left[costs] - 1 };
  if (costs !== undefined && left[costs] < 0) return undefined;
  const [world, guard] = [node.world.copy(), node.guard.copy()];
  world.watch = guard;
  const after: Node = { world, guard, left, move: move.name, from: node };
  try {
    if (move.make(world) === false) return undefined;
    tell(world);
    return after;
  } catch (error) {
    return { what: messageOf(error), trace: traceOf(after) };
  }
}

/** The invariant that a new state breaks. */
function problemOf(model: Model, { world, guard }: Node): string | undefined {
  try {
    checkWorld(world, guard);
    checkNames(world.state);
    model.check?.(world);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Projection and archiving change nothing that the rules read, so they complete at once. */
function tell(world: World): void {
  while (world.upkeep !== undefined && world.upkeep.upkeep.kind !== 'look') world.landUpkeep();
}

function keyOf({ world, guard, left }: Node): string {
  const { state, github, effect, upkeep, inbox, ended } = world;
  const { mark, due, decisionsSeen } = state;
  const facts = omit(state, 'audit', 'mark', 'due', 'decisionsSeen', 'answers', 'projected', 'asked');
  const flight = effect && [effect.effect, effect.cancelled, effect.answer];
  const look = upkeep && [
    upkeep.upkeep.kind === 'look' ? mark - upkeep.upkeep.mark : 0,
    upkeep.of.commentsReadTo,
    upkeep.of.reviewsSeen,
    settledReviews(upkeep.of),
    upkeep.answer && omit({ mark: 0, ...upkeep.answer }, 'mark'),
  ];
  const news = Object.entries(due).map(([facet, since]) => [facet, mark - since]);
  const seen = decisionsSeen.length;
  return nameOf([facts, news, seen, github, flight, look, inbox, ended, left, guard.memory]);
}

function traceOf(node: Node): readonly string[] {
  const trace: string[] = [];
  for (let so: Node | undefined = node; so?.move !== undefined; so = so.from) trace.unshift(so.move);
  return trace;
}

function reached({ state, ended }: World): readonly string[] {
  const step = nextStep(state);
  return [
    `stage ${stageOf(state)}`,
    `hold ${currentHold(state)}`,
    ...(step.kind === 'wait' ? [`wait ${step.for}`] : []),
    ...(ended ? [`end ${stageOf(state)}`] : []),
  ];
}
