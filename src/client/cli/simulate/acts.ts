/** Performs the acts of a scenario: changes the simulated GitHub, or sends an event to the rules. */
import { parseDuration } from '../../../config/duration.ts';
import { gateAsked } from '../../../domain/decision-problem.ts';
import { type Digest, digestOfText, shortDigest } from '../../../domain/digest.ts';
import type { Decision, DecisionRequest } from '../../../domain/decision.ts';
import { currentHold } from '../../../domain/evolve/evolve.ts';
import { stageOf } from '../../../domain/facts.ts';
import type { ObservedPullRequest } from '../../../domain/observation.ts';
import { CliError, EXIT } from '../exit.ts';
import { commitOf, optIn } from './made-up.ts';
import type { Act, RunPlan } from './scenario.ts';
import { pass } from './settle.ts';
import { apply, edited, news, type World } from './world.ts';

type ActName = Act extends infer A ? (A extends object ? keyof A : never) : never;
type ActOf<K extends ActName> = Extract<Act, Record<K, unknown>>[K];
type Doers = { readonly [K in ActName]: (world: World, given: ActOf<K>) => void };

/** Throws `CliError` when an `expect` is not met, or when an act needs a pull request and there is none. */
export function doAct(world: World, act: Act): void {
  const [[name, given] = ['', undefined]] = Object.entries(act);
  const doer = DOERS[name as ActName] as (world: World, given: unknown) => void;
  doer(world, given);
}

const DOERS: Doers = {
  decide,
  run: (world, plan: RunPlan) => void world.runs.push(plan),
  fail: (world, failure) => void world.failures.push(failure),
  wait: (world, given) => pass(world, parseDuration(given) ?? 0),
  edit: (world, { title }) => edited(world, title ?? world.subject.title),
  label: (world, name) => labelled(world, [...world.subject.labels, name]),
  unlabel: (world, name) =>
    labelled(
      world,
      world.subject.labels.filter(label => label !== name),
    ),
  issue: (world, state) => {
    world.subject = { ...world.subject, state: state === 'closed' ? 'closed' : 'open' };
    news(world, ['issue']);
  },
  review,
  push: (world, { by }) => {
    const { head } = pullOf(world);
    changePull(world, { head: commitOf(`${by} on ${head}`) });
  },
  merge: (world, { by }) => {
    const { head } = pullOf(world);
    changePull(world, { state: 'closed', merged: { commit: commitOf(`merge of ${head}`), by } });
  },
  'close-pull-request': world => changePull(world, { state: 'closed' }),
  deploy: (world, state) => {
    const deployment = { state, containsMerge: world.state.merge !== undefined, url: '', since: world.now };
    world.release = { ...world.release, deployment };
    news(world, ['deployments']);
  },
  expect: expectState,
};

function decide(world: World, { by: login, role, ...given }: ActOf<'decide'>): void {
  world.counted += 1;
  const asked = given.kind === 'approve' ? gateAsked(world.state)?.digest : undefined;
  const digest = given.digest ?? (asked === undefined ? undefined : shortDigest(asked as Digest));
  // A source that the policy accepts.
  const [source = 'github'] = world.scenario.policy.decisions.sources;
  const decision: Decision = {
    ...requestOf({ ...given, digest }),
    id: `decision ${world.counted}`,
    source,
    by: { kind: 'person', login, how: source === 'github' ? 'github-comment' : 'temporal', role },
  };
  apply(world, { type: 'decision', decision });
}

/** Omits fields that were not given. */
function requestOf(given: Omit<ActOf<'decide'>, 'by' | 'role'>): DecisionRequest {
  const fields = Object.entries(given).filter(([, value]) => value !== undefined);
  return { kind: given.kind, ...Object.fromEntries(fields) };
}

function labelled(world: World, labels: readonly string[]): void {
  const { label } = world.scenario.policy.optIn;
  world.subject = { ...world.subject, labels, optIn: labels.includes(label) ? optIn('alice') : null };
  news(world, ['issue']);
}

function review(world: World, { by, role, state }: ActOf<'review'>): void {
  const { head, reviews } = pullOf(world);
  world.counted += 1;
  const given = {
    reviewId: world.counted,
    state,
    commit: head,
    body: digestOfText(`review ${world.counted}`),
    author: { login: by, type: 'User' as const },
    role: { kind: 'role' as const, role },
  };
  changePull(world, { reviews: [...reviews, given] });
}

function pullOf({ pull }: World): ObservedPullRequest {
  if (pull === undefined) throw new CliError(EXIT.no, 'the story has no pull request at this point');
  return pull;
}

function changePull(world: World, change: Partial<ObservedPullRequest>): void {
  world.pull = { ...pullOf(world), ...change };
  news(world, ['pull-request']);
}

function expectState({ state }: World, { stage, hold }: ActOf<'expect'>): void {
  const [isStage, isHold] = [stageOf(state), currentHold(state)];
  if (stage !== undefined && stage !== isStage)
    throw new CliError(EXIT.no, `expected the stage ${stage}, but it is ${isStage}`);
  if (hold !== undefined && hold !== isHold)
    throw new CliError(EXIT.no, `expected the hold ${hold}, but it is ${isHold}`);
}
