/** The scheduler's own verification: the exact built commit, in a clean box without a model. */
import type { EffectInput } from '../../contracts/activities.ts';
import { boxFacts } from '../../box/about-box.ts';
import type { BaseRun, CheckResult, Verification } from '../../domain/state/work.ts';
import { type JudgedChange, withVerifiedChange } from '../change.ts';
import { changedInputs } from './changed-inputs.ts';
import { changedTestsOnBase, changedTestsOnHead, deletedTests } from './changed-tests.ts';
import { type CheckPlan, runChecks, runOnceWithin } from './checks.ts';
import type { Heartbeat } from './heartbeat.ts';
import { withHeadSetUp } from './head-set-up.ts';
import { withBaseSetUp } from './set-up.ts';
import type { SetUp } from './set-up-types.ts';
import type { RunnerPorts } from './ports.ts';
import {
  baseTree,
  type CheckedChange,
  common,
  headTree,
  setUpTree,
  type VerificationPlan,
  type VerificationWork,
} from './verification-work.ts';

export interface ChangePlan extends VerificationPlan {
  readonly effect: EffectInput<'verify-change'>['effect'];
}

/** Rebuilds the change on this host and verifies it only if the commit id is the same. */
export async function verification(
  ports: RunnerPorts,
  input: ChangePlan,
  heartbeat: Heartbeat,
): Promise<Verification> {
  const { repository, policy, effect } = input;
  const plan = { repository, policy, plan: effect, commit: effect.commit, signal: heartbeat.signal };
  return await withVerifiedChange(ports, plan, change =>
    verificationOf(ports, input, { heartbeat, change: checkedChange(change) }),
  );
}

export function checkedChange({ mirror, built }: JudgedChange): CheckedChange {
  return { mirror, objectDirectory: built.quarantine.objectDirectory };
}

/** Verifies a commit that is already built. */
export async function verificationOf(
  ports: RunnerPorts,
  input: VerificationPlan,
  { heartbeat, change }: { readonly heartbeat: Heartbeat; readonly change: CheckedChange },
): Promise<Verification> {
  const found = await verified({ ports, input, policy: input.policy, heartbeat, change });
  return { commit: input.effect.commit, ...found };
}

/** What runs on the base uses the set-up of the base; checks of the commit use the one that the policy selects. */
async function verified(work: VerificationWork): Promise<Omit<Verification, 'commit'>> {
  const { ports, policy, input } = work;
  const { name, heartbeat } = common(work);
  const { id, target } = input.repository;
  const below = { repository: id, target: target?.branch, policy: policy.setUp, name, heartbeat };
  return await withBaseSetUp(ports, { ...below, tree: setUpTree(work) }, async base => {
    const before = await changedTestsOnBase(work, base);
    const files = input.effect.files.map(file => file.path);
    const head = await withHeadSetUp(ports, { ...below, tree: headTree(work), base, files }, async setUp => {
      const after = await changedTestsOnHead(work, setUp);
      return { checks: [...after.checks, ...(await commandsOnHead(work, setUp))], notes: after.notes };
    });
    const { facts } = head;
    return {
      checks: [...before.checks, ...head.checks],
      baseRuns: await commandsOnBase(work, base),
      box: boxFacts(ports.tier),
      ...(facts === undefined ? {} : { setUp: facts }),
      notes: [...deletedTests(work), ...(await changedInputs(work)), ...before.notes, ...head.notes],
    };
  });
}

/** Runs the commands of the policy on exactly the commit that will be pushed. */
async function commandsOnHead(work: VerificationWork, setUp: SetUp): Promise<readonly CheckResult[]> {
  const plans = commandPlans(work, { on: 'head', expected: 'pass' });
  return await runChecks(work.ports, { ...common(work), tree: headTree(work), setUp, plans });
}

/**
 * The same commands without the change, only to count their tests: once each, and all of them in the time limit of one.
 * Their results prove nothing about the change.
 */
async function commandsOnBase(work: VerificationWork, setUp: SetUp): Promise<readonly BaseRun[]> {
  const plans = commandPlans(work, { on: 'base', expected: 'pass' });
  const input = { ...common(work), tree: baseTree(work), setUp, plans };
  const runs = await runOnceWithin(work.ports, input, input.timeoutMs);
  return runs.map(({ name, command, passed, exitCode, durationMs, tests, output }) => ({
    ...{ name, command, passed, exitCode, durationMs, output },
    ...(tests === undefined ? {} : { tests }),
  }));
}

function commandPlans(
  { policy }: VerificationWork,
  plan: Pick<CheckPlan, 'on' | 'expected'>,
): readonly CheckPlan[] {
  return policy.verification.commands.map(({ name, run: command }) => ({ name, command, ...plan }));
}
