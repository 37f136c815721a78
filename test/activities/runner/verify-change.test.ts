/** Verification: the policy's commands on exactly the built commit, in clean boxes. Only their output remains. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { CancelledFailure } from '@temporalio/common';
import { boxFacts } from '../../../src/box/about-box.ts';
import type { EffectInput } from '../../../src/contracts/activities.ts';
import { digestOf } from '../../../src/domain/digest.ts';
import type { CheckResult, Verification as Verified } from '../../../src/domain/state/work.ts';
import { buildOnce, type BuiltChange } from '../support/changes.ts';
import { activityEnvironment, perform } from '../support/perform.ts';
import { processesWith, rareSeconds } from '../../box/support/processes.ts';
import { nothingLeft, stageRunner, until, type RunnerStage } from '../support/runner.ts';

type Verification = Parameters<RunnerStage['policyWith']>[0]['verification'];

let stage: RunnerStage;
let built: BuiltChange;
beforeAll(async () => {
  stage = await stageRunner();
  built = await buildOnce(stage.scheduler, { 'src/card.js': 'export const card = 2;\n' });
});
afterAll(() => stage.end());
afterEach(async () => expect(await stage.leftovers()).toEqual(nothingLeft));

const commands = (...lines: readonly string[]) => ({
  commands: lines.map((run, index) => ({ name: `command ${index + 1}`, run })),
});
const inputOf = async (
  verification: Verification,
  { plan, change }: BuiltChange = built,
): Promise<EffectInput<'verify-change'>> => ({
  context: {
    ...stage.scheduler.context(1),
    policy: await stage.policyWith(verification === undefined ? {} : { verification }),
  },
  effect: { kind: 'verify-change', ...plan, commit: change.commit, files: change.files },
});
const verified = async (...about: Parameters<typeof inputOf>): Promise<Verified> => {
  const { ended } = await perform(stage.activities.verifyChange, await inputOf(...about));
  if ('fact' in ended) return ended.fact.verification;
  throw new Error(JSON.stringify(ended));
};
const checksOf = async (...about: Parameters<typeof inputOf>): Promise<readonly CheckResult[]> =>
  (await verified(...about)).checks;
const outputOf = async (check: CheckResult | undefined) => {
  if (check === undefined) throw new Error('there is no such check');
  return Buffer.from(await stage.ports.artifacts.get(check.output, 1_000_000)).toString('utf8');
};

describe('a command of the policy', () => {
  test('passes or fails on exactly the built commit, and its output is stored', async () => {
    const checks = await checksOf(commands('cat src/card.js', 'echo no >&2; exit 3'));
    expect(checks).toMatchObject([
      { name: 'command 1', on: 'head', expected: 'pass', passed: true, exitCode: 0 },
      { name: 'command 2', on: 'head', expected: 'pass', passed: false, exitCode: 3 },
    ]);
    expect(await outputOf(checks[0])).toContain('export const card = 2;');
    expect(await outputOf(checks[1])).toContain('! no');
  });

  test('runs in a box that the verification names', async () => {
    expect((await verified(commands('true'))).box).toEqual(boxFacts(stage.ports.tier));
  });

  test('gets a fresh checkout, so that no command influences another', async () => {
    const checks = await checksOf(
      commands(
        'echo x > prepared; echo y > src/card.js',
        'test ! -e prepared && grep -q "card = 2" src/card.js',
      ),
    );
    expect(checks.map(({ passed }) => passed)).toEqual([true, true]);
  });

  test('that exceeds the time limit of the policy is ended with all its processes', async () => {
    const seconds = rareSeconds();
    const run = `setsid sleep ${seconds} & sleep ${seconds}`;
    const [check] = await checksOf({ ...commands(run), timeoutMs: 1_500 });
    expect(check).toMatchObject({ passed: false, exitCode: null });
    expect(await processesWith(seconds)).toEqual([]);
  });

  test('ends with all its background processes', async () => {
    const seconds = rareSeconds();
    const [check] = await checksOf(commands(`setsid sleep ${seconds} > /dev/null 2>&1 & echo started`));
    expect(check).toMatchObject({ passed: true });
    expect(await processesWith(seconds)).toEqual([]);
  });

  test('sees no credential, no model and no network', async () => {
    const look = [
      'env; cat /proc/[0-9]*/environ | tr "\\0" "\\n"; cat .git/config; ls -d /run/model /run/agent',
      'grep -rls "source-read-token" /ws /tmp /home /run /etc /proc/[0-9]*/cmdline',
      `(echo > /dev/tcp/127.0.0.1/${new URL(stage.scheduler.simulator.apiUrl).port}) && echo reached`,
    ];
    const [check] = await checksOf(commands(`bash -c '${look.join('\n')}' 2>&1; true`));
    const output = await outputOf(check);
    // Positive control: the search does find the box's own environment.
    expect(output).toContain('CI=true');
    expect(output).not.toMatch(/-token|OPENAI|SIGNALBOX|reached/);
    expect(output).toMatch(/cannot access '\/run\/model'/);
  });
});

describe('what a merge would make', () => {
  const onMoved = async (tree?: string) => {
    const { scheduler } = stage;
    const { plan, change } = built;
    const branch = `moved-${Math.random()}`.replace('0.', '');
    const [ours, theirs] = [{ branch: `ours-${branch}` }, { branch }];
    await scheduler.person('line-bot').moveBranch(ours.branch, plan.base);
    const push = {
      kind: 'push-commit' as const,
      ...plan,
      ...ours,
      commit: change.commit,
      expected: plan.base,
    };
    const context = scheduler.context(1);
    await perform(scheduler.activities.pushCommit, { context, effect: push });
    const files = { 'src/other.js': 'other\n' };
    const person = scheduler.person('acme');
    const base = await person.pushCommit({ ...theirs, message: 'x', files, parent: plan.base });
    const merging = { runId: 'run-1', base, head: change.commit, from: plan.base };
    const build = { kind: 'build-candidate' as const, ...merging };
    const { ended } = await perform(scheduler.activities.buildCandidate, { context, effect: build });
    if (!('fact' in ended) || ended.fact.type !== 'candidate-built') throw new Error(JSON.stringify(ended));
    const policy = await stage.policyWith({
      verification: commands('grep "card = 2" src/card.js && cat src/other.js'),
    });
    const effect = { kind: 'verify-candidate' as const, ...merging, files: change.files };
    const result = await perform(stage.activities.verifyCandidate, {
      context: { ...context, policy },
      effect: { ...effect, tree: tree ?? ended.fact.tree },
    });
    return { result: result.ended, base };
  };

  test('is verified: the commands see the change and what others pushed', async () => {
    const { result, base } = await onMoved();
    expect(result).toMatchObject({
      fact: {
        type: 'candidate-verified',
        verification: { commit: built.change.commit, onto: base, checks: [{ on: 'head', passed: true }] },
      },
    });
  });

  test('is not verified when this host makes another tree of it', async () => {
    expect((await onMoved('d'.repeat(40))).result).toMatchObject({ failure: 'CommitDiffers' });
  });
});

describe('a change behind others in the line of merges', () => {
  const SET_UP = { commands: [{ name: 'install', run: 'true' }], inputs: ['lock.json'] };
  let branches = 0;
  const pushed = async (files: Readonly<Record<string, string>>): Promise<string> => {
    const { person } = stage.scheduler;
    const branch = `before-${++branches}`;
    return await person('acme').pushCommit({ branch, message: 'x', files, parent: built.plan.base });
  };
  const ours = async (): Promise<string> => {
    const { scheduler } = stage;
    const { plan, change } = built;
    const branch = `ahead-${++branches}`;
    await scheduler.person('line-bot').moveBranch(branch, plan.base);
    const push = { kind: 'push-commit' as const, ...plan, branch };
    await perform(scheduler.activities.pushCommit, {
      context: scheduler.context(1),
      effect: { ...push, commit: change.commit, expected: plan.base },
    });
    return change.commit;
  };
  /** Built by the scheduler, and verified by the runner with that tree or another one. */
  const behind = async (files: readonly Readonly<Record<string, string>>[], setUp = {}) => {
    const heads = await Promise.all(files.map(pushed));
    const before = heads.map((head, index) => ({ issue: index + 2, head }));
    const head = await ours();
    const policy = await stage.policyWith({
      setUp,
      verification: commands('grep "card = 2" src/card.js && cat src/one.js src/two.js'),
    });
    const context = { ...stage.scheduler.context(1), policy };
    const place = { id: '1.1', target: 'main', before, head };
    const { ended } = await perform(stage.scheduler.activities.buildAhead, {
      context,
      effect: { kind: 'build-ahead', ...place },
    });
    if (!('fact' in ended)) throw new Error(JSON.stringify(ended));
    const verify = async (tree: string, base: string) => {
      const plan = { runId: 'run-1', id: '1.1', base, before, head, tree, files: built.change.files };
      const effect = { kind: 'verify-ahead' as const, ...plan };
      return (await perform(stage.activities.verifyAhead, { context, effect })).ended;
    };
    return { built: ended.fact.built, verify, head };
  };
  const TWO = [{ 'src/one.js': 'one\n' }, { 'src/two.js': 'two\n' }];

  test('is verified with all of them, and has the trees that the merges will have', async () => {
    const { built: made, verify, head } = await behind(TWO);
    if (made === undefined) throw new Error('it was not built');
    const { base, baseTree, tree } = made;
    expect(base).toBe(built.plan.base);
    expect(await verify(tree, base)).toMatchObject({
      fact: { type: 'ahead-verified', head, tree, baseTree, verification: { checks: [{ passed: true }] } },
    });
    expect(await verify('d'.repeat(40), base)).toMatchObject({ failure: 'CommitDiffers' });
  });

  test('is not built on a conflict, or on what changes the inputs of the set-up', async () => {
    expect((await behind([{ 'src/card.js': 'other\n' }])).built).toBeUndefined();
    const other = [{ 'lock.json': '{}\n' }];
    expect((await behind(other)).built).toBeDefined();
    expect((await behind(other, SET_UP)).built).toBeUndefined();
  });
});

describe('a changed test', () => {
  const testFile = (wanted: number) =>
    `import { card } from '../src/card.js';\nif (card !== ${wanted}) throw new Error('card is ' + card);\n`;
  const withTest = async (text: string) =>
    await buildOnce(stage.scheduler, {
      'src/card.js': 'export const card = 2;\n',
      'test/a "b".test.mjs': text,
    });
  const verification = { ...commands('true'), testCommand: 'node --experimental-default-type=module' };
  const outcomes = async (text: string) =>
    (await checksOf(verification, await withTest(text))).map(({ name, on, passed }) => [name, on, passed]);

  test('must fail without the change, and pass with it', async () => {
    expect(await outcomes(testFile(2))).toEqual([
      ['changed tests', 'base', false],
      ['changed tests', 'head', true],
      ['command 1', 'head', true],
    ]);
  });

  test('that passes without the change is recorded as passing on the base', async () => {
    expect(await outcomes('// always fine\n')).toMatchObject([
      ['changed tests', 'base', true],
      ['changed tests', 'head', true],
      ['command 1', 'head', true],
    ]);
  });

  test('that fails with the change is recorded as failing on the commit', async () => {
    expect(await outcomes(testFile(3))).toMatchObject([
      ['changed tests', 'base', false],
      ['changed tests', 'head', false],
      ['command 1', 'head', true],
    ]);
  });
});

describe('a verification', () => {
  test('runs no command when the bytes are not those of the commit', async () => {
    const input = await inputOf(commands('true'));
    const other = { ...input, effect: { ...input.effect, commit: stage.scheduler.repository.head } };
    expect((await perform(stage.activities.verifyChange, other)).ended).toMatchObject({
      failure: 'CommitDiffers',
      message: expect.stringContaining(built.change.commit),
    });
    const lost = { ...input, effect: { ...input.effect, manifest: digestOf('lost') } };
    expect((await perform(stage.activities.verifyChange, lost)).ended).toMatchObject({
      failure: 'ArtifactMissing',
    });
  });

  test('ends with all its processes when it is cancelled', async () => {
    const seconds = rareSeconds();
    const environment = activityEnvironment();
    const input = await inputOf(commands(`setsid sleep ${seconds} & sleep ${seconds}`));
    const running = environment.run(stage.activities.verifyChange, input);
    const ended = running.then(
      fact => fact,
      (error: unknown) => error,
    );
    await until(async () => (await processesWith(seconds)).length >= 2);
    environment.cancel();
    expect(await ended).toBeInstanceOf(CancelledFailure);
    expect(await processesWith(seconds)).toEqual([]);
  });
});
