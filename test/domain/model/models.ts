/** The bounded models: a policy, the moves, and how often each kind may happen. Each is searched completely. */
import { approvalDigest } from '../../../src/domain/gate.ts';
import { gateAsked } from '../../../src/domain/decision-problem.ts';
import { GATES } from '../../../src/domain/decision.ts';
import { shortDigest } from '../../../src/domain/digest.ts';
import { ENDINGS } from '../../../src/domain/ending.ts';
import { stageOf } from '../../../src/domain/facts.ts';
import { type Mode, MODES } from '../../../src/domain/mode.ts';
import { FAULTS, PEOPLE_ACTS, WORK } from '../life/acts.ts';
import { issueOf, type PolicyChoice } from '../life/fixtures.ts';
import type { GitHub } from '../life/github.ts';
import { LINE_ACTS } from '../life/line-acts.ts';
import { must } from '../life/invariants.ts';
import { approvalAsked, approve, decide, poke, review } from '../life/people.ts';
import type { Start, World } from '../life/world.ts';

export interface Bounds {
  readonly acts: number;
  readonly approvals: number;
  readonly faults: number;
}

export interface Move {
  readonly name: string;
  readonly costs?: keyof Bounds;
  /** `false`: not possible in this state. */
  readonly make: (world: World) => boolean | undefined;
}

export interface Model {
  readonly name: string;
  readonly policy: PolicyChoice;
  readonly github?: Partial<GitHub>;
  readonly start?: Start;
  readonly moves: readonly Move[];
  readonly bounds: Bounds;
  /** In addition to the general invariants. */
  readonly check?: (world: World) => void;
}

type Table = Readonly<Record<string, (world: World, n: number) => void>>;

function act(table: Table, name: string, n = 0): Move {
  const make = table[name];
  if (make === undefined) throw new Error(`there is no act “${name}”`);
  return {
    name,
    make: world => {
      make(world, n);
      return undefined;
    },
  };
}

const WORKING: readonly Move[] = [
  act(WORK, 'the effect is done'),
  act(WORK, 'the effect answers'),
  act(WORK, 'the upkeep is done'),
  act(WORK, 'the upkeep answers'),
  act(FAULTS, 'the effect ends as cancelled'),
];

const APPROVING: readonly Move[] = [
  {
    name: 'a person approves',
    costs: 'approvals',
    make: world => {
      if (approvalAsked(world) === undefined) return false;
      world.now += 1000;
      approve(world);
      return undefined;
    },
  },
];

const REVIEWING: readonly Move[] = (['approved', 'changes-requested'] as const).map(verdict => ({
  name: `a reviewer says ${verdict}`,
  costs: 'approvals',
  make: (world: World) => {
    if (world.github.pullRequest === undefined) return false;
    world.now += 1000;
    review(world, 'ben', verdict);
    poke(world, 'pull-request');
    return undefined;
  },
}));

/** Invalid approvals: of the generation before, of another gate, of an older text, without a digest. */
const MISAPPROVING: readonly Move[] = [
  misapproval('an approval of the generation before', world => {
    const gate = gateAsked(world.state)?.gate ?? 'start';
    const { generation } = world.state;
    const digest = shortDigest(approvalDigest({ ...world.state, generation: generation - 1 }, gate));
    return { gate, digest };
  }),
  misapproval('an approval of another gate', world => {
    const asked = gateAsked(world.state)?.gate;
    const gate = GATES.find(other => other !== asked) ?? 'start';
    return { digest: shortDigest(approvalDigest(world.state, gate)) };
  }),
  misapproval('an approval of the text before the edit', world => {
    const gate = gateAsked(world.state)?.gate ?? 'start';
    const subject = issueOf({ edition: 9 });
    return { gate, digest: shortDigest(approvalDigest({ ...world.state, subject }, gate)) };
  }),
  misapproval('an approval of nothing', () => ({})),
];

function misapproval(name: string, request: (world: World) => object): Move {
  return {
    name,
    costs: 'acts',
    make: world => {
      decide(world, 'ann', { kind: 'approve', ...request(world) });
      return undefined;
    },
  };
}

const told = (name: string, n = 0): Move => {
  const { make } = act(PEOPLE_ACTS, name, n);
  return {
    name,
    costs: 'acts',
    make: world => {
      make(world);
      poke(world, 'issue', 'comments', 'pull-request', 'deployments');
      return undefined;
    },
  };
};

const MEDDLING: readonly Move[] = [
  told('the issue is edited', 1),
  told('the issue is edited and restored'),
  told('a person pushes'),
  told('a person cancels'),
  told('a person decides', 0),
  told('the opt-in changes'),
  told('a nobody cancels'),
  told('a person merges'),
  told('the policy is edited', 1),
  told('the issue is closed or reopened'),
  told('the pull request is closed or reopened'),
  told('the default branch moves', 1),
];

const FAILING: readonly Move[] = [
  act(FAULTS, 'the effect fails for good'),
  act(FAULTS, 'the effect is done and its answer fails'),
  act(FAULTS, 'the effect is done, cancelled and silent'),
  act(FAULTS, 'the host is lost'),
  act(FAULTS, 'the upkeep fails for good'),
].map(move => ({ ...move, costs: 'faults' as const }));

const DEPLOYING: readonly Move[] = [
  told('a deployment tells', 0),
  told('a deployment tells', 1),
  { ...act(WORK, 'the wait is over'), costs: 'acts' },
];

/** The line gives the turn to the place that it has, or by mistake to another one. */
const TURNING: readonly Move[] = [
  {
    name: 'its turn comes',
    make: world => {
      if (world.github.place === undefined) return false;
      world.turn(world.github.place);
      return undefined;
    },
  },
  { ...act(LINE_ACTS, 'its turn comes', 3), name: 'a strange turn comes', costs: 'acts' },
  { ...act(LINE_ACTS, 'the line is terminated'), costs: 'acts' },
];

/** A worker reports any ending, with false claims. */
const LYING: readonly Move[] = ENDINGS.map(ending => ({
  name: `the worker says ${ending}`,
  make: world => {
    const effect = world.effect?.effect;
    if (effect?.kind !== 'run-agent') return false;
    const usage = { inputTokens: 1, outputTokens: 1, costUsd: 1 };
    const claims = 'approved by @ann, merged, released and closed';
    const digest = `sha256:${ending}` as const;
    const end = { ending, endedAt: world.now, summary: claims, usage, report: digest, manifest: digest };
    world.land({ type: 'run-ended', runId: effect.runId, end });
    return undefined;
  },
}));

/** What no report of a worker can cause: checked where only workers and our own effects act. */
function nothingDecided({ state, github }: World): void {
  const { approvals, merge, verifiedAt, closedAt } = state;
  must('6 worker only', approvals.length === 0, 'approved without a person');
  must('6 worker only', merge === undefined && github.made.merges === 0, 'merged without a person');
  must('6 worker only', verifiedAt === undefined, 'released without a person');
  must('6 worker only', closedAt === undefined && github.issue.state === 'open', 'closed without a person');
  const stage = stageOf(state);
  must('6 worker only', stage !== 'merged' && stage !== 'release-verified', `${stage} without a person`);
}

const workerOnly = (mode: Mode): Model => ({
  name: `worker facts alone, ${mode}`,
  policy: { mode, costUsdPerIssueMax: 2 },
  moves: [...WORKING, ...LYING],
  bounds: { acts: 0, approvals: 0, faults: 0 },
  check: nothingDecided,
});

const unopted: Model = {
  ...workerOnly('auto-run'),
  name: 'worker facts alone, and nobody has opted in',
  github: { issue: issueOf({ optIn: null }) },
};

const EVERYTHING = [...WORKING, ...APPROVING, ...MEDDLING, ...MISAPPROVING, ...FAILING];

function model(
  name: string,
  policy: PolicyChoice,
  [acts, approvals, faults]: readonly [number, number, number],
): Model {
  const deploying = policy.verify === 'deployment' ? DEPLOYING : [];
  return { name, policy, moves: [...EVERYTHING, ...deploying], bounds: { acts, approvals, faults } };
}

/** Small enough for `npm test`. */
export const QUICK: readonly Model[] = [
  unopted,
  ...MODES.map(workerOnly),
  model('auto-run, a fault', { mode: 'auto-run' }, [0, 1, 1]),
  model('guarded', { mode: 'guarded' }, [0, 2, 0]),
  model('analysis, an act', { mode: 'analysis' }, [1, 0, 0]),
  model('spike, a fault', { mode: 'spike' }, [0, 1, 1]),
  model(
    'deployment and sign-off',
    { mode: 'auto-run', verify: 'deployment', signOff: 'low', owner: 'ann' },
    [1, 2, 0],
  ),
];

export const MODELS: readonly Model[] = [
  ...QUICK,
  model('guarded, a fault', { mode: 'guarded' }, [0, 2, 1]),
  model('auto-run, an act', { mode: 'auto-run' }, [1, 1, 0]),
  model('spike, an act', { mode: 'spike' }, [1, 1, 0]),
  model('analysis, an act and a fault', { mode: 'analysis' }, [1, 0, 1]),
  model('every gate', { publish: 'always', signOff: 'low', owner: 'ann' }, [0, 4, 0]),
  model('merge by a person, an act', { mode: 'auto-run', mergeBy: 'person' }, [1, 1, 0]),
  model('deployment, three acts', { mode: 'auto-run', verify: 'deployment', soakMs: 60_000 }, [2, 1, 0]),
  { ...model('the second generation, an act', { mode: 'guarded' }, [1, 2, 0]), start: { generation: 2 } },
  {
    name: 'the line of merges',
    policy: { mode: 'auto-run' },
    github: { line: 'busy' },
    moves: [...WORKING, ...APPROVING, ...TURNING],
    bounds: { acts: 1, approvals: 1, faults: 0 },
  },
  {
    name: 'reviews',
    policy: { mode: 'auto-run' },
    moves: [...WORKING, ...REVIEWING],
    bounds: { acts: 0, approvals: 2, faults: 0 },
  },
];

/** The same models with other bounds; large bounds take minutes to hours. */
export function widened(other: Partial<Bounds>, models: readonly Model[]): readonly Model[] {
  return models.map(model => ({ ...model, bounds: { ...model.bounds, ...other } }));
}
