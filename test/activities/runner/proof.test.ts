/** Fail before, pass after: detects what only looks like a proof, and repeats a failed check before believing it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type CheckPlan, runChecks } from '../../../src/activities/runner/checks.ts';
import { evidenceConcerns } from '../../../src/domain/evidence.ts';
import { mirrorWith } from '../../../src/activities/change.ts';
import type { CheckResult } from '../../../src/domain/state/work.ts';
import { buildOnce, type ChangedFiles } from '../support/changes.ts';
import { activityEnvironment, perform } from '../support/perform.ts';
import { nothingLeft, stageRunner, type RunnerStage } from '../support/runner.ts';

let stage: RunnerStage;
beforeAll(async () => void (stage = await stageRunner()));
afterAll(() => stage.end());
afterEach(async () => expect(await stage.leftovers()).toEqual(nothingLeft));

describe('a changed test', () => {
  const testPath = 'test/card.test.mjs';
  const good =
    "import { card } from '../src/card.js';\nif (card !== 2) throw new Error('card is ' + card);\n";
  const commands = [{ name: 'command 1', run: 'true' }];
  const verificationOf = async (testCommand: string, files: ChangedFiles, from?: string) => {
    const scheduler = from === undefined ? stage.scheduler : basedOn(from);
    const change = await buildOnce(scheduler, { 'src/card.js': 'export const card = 2;\n', ...files });
    const policy = await stage.policyWith({ verification: { commands, testCommand } });
    const { ended } = await perform(stage.activities.verifyChange, {
      context: { ...stage.scheduler.context(1), policy },
      effect: {
        kind: 'verify-change',
        ...change.plan,
        commit: change.change.commit,
        files: change.change.files,
      },
    });
    if (!('fact' in ended)) throw new Error(JSON.stringify(ended));
    const { checks, notes = [] } = ended.fact.verification;
    return { checks, notes, concerns: evidenceConcerns({ checks, notes, claims }) };
  };
  const basedOn = (head: string) => ({
    ...stage.scheduler,
    repository: { ...stage.scheduler.repository, head },
  });
  const claims = { skippedChecks: 0, stopConditionsMet: [] };
  const node = 'node --experimental-default-type=module';

  test('that fails before and passes after causes no concern', async () => {
    expect((await verificationOf(node, { [testPath]: good })).concerns).toEqual([]);
  });

  test.each([
    [
      'with a command that succeeds without running anything causes a concern',
      'true',
      /pass without the change, so they prove nothing/,
    ],
    [
      'with a missing command causes a concern',
      'no-such-runner',
      /could not be run without the change \(exit 127\)/,
    ],
    [
      'with a command that is not executable causes a concern',
      '/ws/src/card.js',
      /could not be run without the change \(exit 126\)/,
    ],
  ])('%s', async (_name, testCommand, concern) => {
    const { concerns } = await verificationOf(testCommand, { [testPath]: good });
    expect(concerns.join('\n')).toMatch(concern);
  });

  test('is named when it is deleted; a renamed one is named as deleted and as proving nothing', async () => {
    const from = await stage.scheduler.person('acme').pushCommit({
      ...{ branch: 'main', message: 'tests' },
      files: { 'test/old.test.mjs': good.replace('2', '1') },
    });
    const gone = await verificationOf(node, { 'test/old.test.mjs': null }, from);
    expect(gone.concerns).toEqual(['the change deletes the test test/old.test.mjs']);
    const renamed = { 'test/old.test.mjs': null, 'test/new.test.mjs': '// it is easier now\n' };
    expect((await verificationOf(node, renamed, from)).concerns).toEqual([
      'changed tests: the changed tests pass without the change, so they prove nothing',
      'the change deletes the test test/old.test.mjs',
    ]);
  });
});

describe('a failure', () => {
  const claims = { skippedChecks: 0, stopConditionsMet: [] };
  /** Each box finds the number of its run in a file, so that a command can be flaky. */
  const checkOf = async (command: string, plan: Partial<CheckPlan> = {}): Promise<CheckResult> => {
    const { repository } = stage.scheduler;
    let turn = 0;
    const place = async (dir: string) => {
      turn += 1;
      await writeFile(join(dir, 'turn'), String(turn));
      return { overlays: [], leftOut: [] };
    };
    const [check]: readonly CheckResult[] = await activityEnvironment().run(
      async (): Promise<readonly CheckResult[]> =>
        runChecks(stage.ports, {
          name: 'turns',
          tree: {
            mirror: await mirrorWith(stage.ports, {
              repository,
              commit: repository.head,
              history: { kind: 'shallow' },
            }),
            ...{ commit: repository.head, overlay: [] },
          },
          setUp: { places: [], place },
          plans: [{ name: 'tests', command, on: 'head', expected: 'pass', ...plan }],
          timeoutMs: 20_000,
          heartbeat: { signal: new AbortController().signal, setDetails: () => undefined },
        }),
    );
    if (check === undefined) throw new Error('nothing was checked');
    return check;
  };
  const concernsOf = (check: CheckResult) => evidenceConcerns({ checks: [check], notes: [], claims });
  const before = { on: 'base', expected: 'fail' } as const;

  test('that occurs twice is believed', async () => {
    const check = await checkOf('exit 3');
    expect(check).toMatchObject({ passed: false, exitCode: 3 });
    expect(check).not.toHaveProperty('flaky');
    expect(concernsOf(check)).toEqual(['tests: failed on the verified commit']);
    expect(await checkOf('exit 3', before)).toMatchObject({ passed: false });
  });

  test('that is flaky causes a concern, both on the commit and as a proof on the base', async () => {
    const flaky = 'test "$(cat turn)" = 2';
    const onHead = await checkOf(flaky);
    expect(onHead).toMatchObject({ passed: false, flaky: true, exitCode: 1 });
    expect(concernsOf(onHead)).toEqual([
      'tests: is flaky on the verified commit (it both passed and failed), so it proves nothing',
    ]);
    const onBase = await checkOf(flaky, before);
    expect(onBase).toMatchObject({ passed: true, flaky: true });
    expect(concernsOf(onBase)).toContain(
      'tests: is flaky on the base (it both passed and failed), so it proves nothing',
    );
  });

  test('with endless output is ended, and its stored output is limited', async () => {
    const check = await checkOf('yes still at work, line after line', before);
    expect(check).toMatchObject({ passed: false, exitCode: null });
    expect(concernsOf(check)).toContain('tests: did not finish without the change, so it proves nothing');
    const kept = await stage.ports.artifacts.get(check.output, 20_000_000);
    expect(Buffer.from(kept).toString('utf8').split('\n').at(-2)).toMatch(/^… \d+ lines omitted …$/);
  });
});
