/** The scheduler's own verification: the exact built commit, in a clean box without a model. */
import picomatch from 'picomatch';
import { boxFacts } from '../../box/about-box.ts';
import type { EffectInput } from '../../contracts/activities.ts';
import type { Policy } from '../../domain/policy.ts';
import type { ChangedFile, CheckResult, Verification } from '../../domain/state/work.ts';
import type { RepositoryFacts } from '../../domain/state/reading.ts';
import { type JudgedChange, withVerifiedChange } from '../change.ts';
import { shellWord } from '../../host/shell-word.ts';
import { loadManifest } from '../stored.ts';
import { type CheckPlan, runChecks } from './checks.ts';
import type { Heartbeat } from './heartbeat.ts';
import { withHeadSetUp } from './head-set-up.ts';
import { withBaseSetUp } from './set-up.ts';
import type { SetUp } from './set-up-types.ts';
import type { Tree } from './trees.ts';
import type { RunnerPorts } from './ports.ts';

export interface VerificationPlan {
  /** Names the workspaces; unique among the verifications of this host. */
  readonly runName: string;
  readonly repository: RepositoryFacts;
  readonly policy: Policy;
  readonly effect: EffectInput<'verify-change'>['effect'];
}

/** Rebuilds the change on this host and verifies it only if the commit id is the same. */
export async function verification(
  ports: RunnerPorts,
  input: VerificationPlan,
  heartbeat: Heartbeat,
): Promise<Verification> {
  const { repository, policy, effect } = input;
  const plan = { repository, policy, plan: effect, commit: effect.commit, signal: heartbeat.signal };
  return await withVerifiedChange(ports, plan, change => verificationOf(ports, input, { heartbeat, change }));
}

/** Verifies a change that is already built. */
export async function verificationOf(
  ports: RunnerPorts,
  input: VerificationPlan,
  { heartbeat, change }: { readonly heartbeat: Heartbeat; readonly change: JudgedChange },
): Promise<Verification> {
  const found = await verified({ ports, input, policy: input.policy, heartbeat, change });
  return { commit: input.effect.commit, ...found };
}

interface Work {
  readonly ports: RunnerPorts;
  readonly input: VerificationPlan;
  readonly policy: Policy;
  readonly heartbeat: Heartbeat;
  readonly change: JudgedChange;
}

/** Tests on the base use the set-up of the base; checks of the commit use the one that the policy selects. */
async function verified(work: Work): Promise<Omit<Verification, 'commit'>> {
  const { ports, policy, input } = work;
  const { name, heartbeat } = common(work);
  const tree = { mirror: work.change.mirror, commit: work.input.effect.base };
  const below = { repository: input.repository.id, policy: policy.setUp, name, heartbeat };
  return await withBaseSetUp(ports, { ...below, tree }, async base => {
    const before = await changedTestsOnBase(work, base);
    const files = work.input.effect.files.map(file => file.path);
    const head = await withHeadSetUp(ports, { ...below, tree: headTree(work), base, files }, async setUp => [
      ...(before.length === 0 ? [] : await changedTestsOnHead(work, setUp)),
      ...(await commandsOnHead(work, setUp)),
    ]);
    const { facts } = head;
    return {
      checks: [...before, ...head.checks],
      box: boxFacts(ports.tier),
      ...(facts === undefined ? {} : { setUp: facts }),
      notes: [...deletedTests(work), ...head.notes],
    };
  });
}

/** Runs the commands of the default branch's policy on exactly the commit that will be pushed. */
async function commandsOnHead(work: Work, setUp: SetUp): Promise<readonly CheckResult[]> {
  const { verification } = work.policy;
  const plans = verification.commands.map((command): CheckPlan => ({
    name: command.name,
    command: command.run,
    on: 'head',
    expected: 'pass',
  }));
  return await runChecks(work.ports, { ...common(work), tree: headTree(work), setUp, plans });
}

/**
 * Fail before, pass after: the changed test files are copied over the base and must fail there; the same test files must
 * pass on the commit. A test that passes without the change proves nothing.
 */
async function changedTestsOnBase(work: Work, setUp: SetUp): Promise<readonly CheckResult[]> {
  const plan = changedTestsPlan(work);
  if (plan === undefined) return [];
  const tree = await baseTree(work, changedTests(work));
  const plans = [{ ...plan, on: 'base', expected: 'fail' }] as const;
  return await runChecks(work.ports, { ...common(work), tree, setUp, plans });
}

async function changedTestsOnHead(work: Work, setUp: SetUp): Promise<readonly CheckResult[]> {
  const plan = changedTestsPlan(work);
  if (plan === undefined) return [];
  const plans = [{ ...plan, on: 'head', expected: 'pass' }] as const;
  return await runChecks(work.ports, { ...common(work), tree: headTree(work), setUp, plans });
}

function changedTestsPlan(work: Work): Pick<CheckPlan, 'name' | 'command'> | undefined {
  const { testCommand } = work.policy.verification;
  const tests = changedTests(work);
  if (tests.length === 0 || testCommand === '') return undefined;
  return { name: 'changed tests', command: `${testCommand} ${tests.map(shellWord).join(' ')}` };
}

function changedTests(work: Work): readonly string[] {
  return testFiles(work)
    .filter(file => file.status !== 'deleted')
    .map(file => file.path);
}

/** A deleted test can no longer fail. A renamed test counts as one deleted and one added, which proves nothing. */
function deletedTests(work: Work): readonly string[] {
  return testFiles(work)
    .filter(file => file.status === 'deleted')
    .map(file => `the change deletes the test ${file.path}`);
}

function testFiles({ policy, input }: Work): readonly ChangedFile[] {
  const isTest = policy.verification.testPaths.map(glob => picomatch(glob, { dot: true }));
  return input.effect.files.filter(({ path }) => isTest.some(matches => matches(path)));
}

function common({ input, policy, heartbeat }: Work) {
  return {
    name: input.runName,
    timeoutMs: policy.verification.timeoutMs,
    heartbeat,
  };
}

function headTree({ change, input }: Work): Tree {
  const { mirror, built } = change;
  return {
    mirror,
    objectDirectory: built.quarantine.objectDirectory,
    commit: input.effect.commit,
    overlay: [],
  };
}

async function baseTree({ ports, change, input }: Work, tests: readonly string[]): Promise<Tree> {
  const manifest = await loadManifest(ports.artifacts, input.effect.manifest);
  const entries = 'problem' in manifest ? [] : manifest.entries;
  const overlay = entries
    .filter(entry => entry.mode !== 'deleted')
    .filter(entry => tests.includes(entry.path));
  return { mirror: change.mirror, commit: input.effect.base, overlay };
}
