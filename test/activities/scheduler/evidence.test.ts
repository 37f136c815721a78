/** The evidence bundle: everything that a reviewer needs to decide, under one digest, in one schema, and in the pull request. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pc from 'picocolors';
import { putCanonical } from '../../../src/activities/stored.ts';
import type { AssembleEvidenceInput } from '../../../src/contracts/activities.ts';
import {
  type EvidenceBundle,
  type EvidenceCommand,
  evidenceJsonSchema,
  evidenceSchema,
} from '../../../src/contracts/evidence.ts';
import { evidenceLines } from '../../../src/client/cli/render/evidence.ts';
import { digestOf } from '../../../src/domain/digest.ts';
import type { CheckResult, RunEnd } from '../../../src/domain/state/work.ts';
import { aReport } from '../../agents/support/task.ts';
import { projectIssue } from '../../../simulator/project/history.ts';
import { buildOnce } from '../support/changes.ts';
import { factOf, perform } from '../support/perform.ts';
import { stageScheduler, type SchedulerStage } from '../support/stage.ts';

let stage: SchedulerStage;
beforeAll(async () => void (stage = await stageScheduler()));
afterAll(() => stage.end());

const check = (more: Partial<CheckResult> = {}): CheckResult => ({
  ...{ name: 'all tests', command: 'node --test', on: 'head', expected: 'pass', passed: true },
  ...{ exitCode: 0, durationMs: 5, output: digestOf('output') },
  ...more,
});
const testsBefore = check({
  ...{ name: 'changed tests', command: 'node --test t.js', on: 'base', expected: 'fail', passed: false },
  ...{ exitCode: 1, output: digestOf('before') },
});
const testsAfter = check({ name: 'changed tests', command: 'node --test t.js', output: digestOf('after') });

async function inputOf(
  checks: readonly CheckResult[],
  end?: Partial<RunEnd>,
): Promise<AssembleEvidenceInput> {
  const { plan, change } = await buildOnce(stage, { 'src/card.js': 'export const card = 3;\n' });
  const { runId, base } = plan;
  const subject = await putCanonical(stage.artifacts, { version: 1, ...(await projectIssue()) });
  const usage = { inputTokens: 1, outputTokens: 2, costUsd: 0.5 };
  return {
    context: stage.context(1),
    effect: { kind: 'assemble-evidence', runId, commit: change.commit },
    run: {
      ...{ runId, attempt: 1, mode: 'guarded', startedAt: 1 },
      inputs: { subject, policy: stage.policy.digest, base },
      ...(end ? { end: { ending: 'patch', endedAt: 2, summary: 'It is fixed.', usage, ...end } } : {}),
    },
    change,
    verification: { commit: change.commit, checks },
  };
}

async function bundleOf(input: AssembleEvidenceInput): Promise<EvidenceBundle> {
  const { evidence } = await factOf(stage.activities.assembleEvidence, input);
  const bytes = await stage.artifacts.get(evidence.digest, 1024 * 1024);
  return evidenceSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
}

test('the evidence is one bundle under one digest, with the inputs of the run', async () => {
  const input = await inputOf([check()]);
  const fact = await factOf(stage.activities.assembleEvidence, input);
  expect(fact.evidence).toMatchObject({ commit: input.change.commit, concerns: [] });
  expect(await bundleOf(input)).toMatchObject({
    commit: input.change.commit,
    inputs: input.run.inputs,
    diff: input.change.diff,
  });
  expect(await factOf(stage.activities.assembleEvidence, input)).toEqual(fact);
});

test('the bundle says on which branch the merge is owed', async () => {
  const input = await inputOf([check()]);
  const target = { branch: 'stable/v2', head: input.run.inputs.base };
  const context = { ...input.context, repository: { ...stage.repository, target } };
  expect((await bundleOf({ ...input, context })).owed[0]).toBe('the merge commit on stable/v2');
  expect((await bundleOf(input)).owed[0]).toBe('the merge commit on the default branch');
});

test('the bundle names the boxes of the run, the checks and the set-up; an older verification names none', async () => {
  const input = await inputOf([check()], { box: 'bubblewrap: of the run' });
  const setUp = { layer: digestOf('l'), on: 'base', reused: true, output: digestOf('o') } as const;
  const boxes = {
    box: 'bubblewrap: of the checks',
    setUp: { ...setUp, connections: digestOf('c'), box: 'bubblewrap: of the set-up' },
  };
  const bundle = await bundleOf({ ...input, verification: { ...input.verification, ...boxes } });
  expect(bundle).toMatchObject({
    run: { box: 'bubblewrap: of the run' },
    verifiedIn: 'bubblewrap: of the checks',
    setUp: { box: 'bubblewrap: of the set-up' },
  });
  const terminal = { paint: pc.createColors(false), now: 0 };
  expect(evidenceLines(bundle, digestOf('b'), terminal)).toContain('  in the box bubblewrap: of the checks');
  expect(await bundleOf(input)).not.toHaveProperty('verifiedIn');
});

test('the bundle contains every part of its definition, each with its source', async () => {
  const workers: readonly EvidenceCommand[] = [
    {
      ...{ by: 'worker', name: 'agent command', command: 'npm test', on: 'workspace', expected: null },
      ...{ passed: false, exitCode: 1, durationMs: 7, output: digestOf('red') },
    },
  ];
  const report = aReport({
    skippedChecks: [{ check: 'lint', why: 'there is no linter' }],
    remainingRisks: ['The cache never forgets.'],
    stopConditionsMet: ['the public exports'],
  });
  const input = await inputOf([testsBefore, testsAfter, check()], {
    report: await putCanonical(stage.artifacts, report),
    commands: await putCanonical(stage.artifacts, workers),
  });
  const bundle = await bundleOf(input);
  expect(bundle).toMatchObject({
    issue: expect.stringMatching(/#1$/),
    contract: expect.stringMatching(/^sha256:/),
    summary: 'It is fixed.',
    files: [{ path: 'src/card.js', status: 'modified' }],
    proven: [{ command: 'node --test t.js', before: digestOf('before'), after: digestOf('after') }],
    remainingRisks: ['The cache never forgets.'],
    stopConditionsMet: ['the public exports'],
    concerns: [expect.stringContaining('skipped 1 checks'), expect.stringContaining('stop condition')],
    run: { usage: { costUsd: 0.5 } },
  });
  expect(
    bundle.commands.map(({ by, on, exitCode, durationMs, output }) => [by, on, exitCode, durationMs, output]),
  ).toEqual([
    ['scheduler', 'base', 1, 5, digestOf('before')],
    ['scheduler', 'head', 0, 5, digestOf('after')],
    ['scheduler', 'head', 0, 5, digestOf('output')],
    ['worker', 'workspace', 1, 7, digestOf('red')],
  ]);
  expect(bundle.skipped).toEqual(
    expect.arrayContaining([{ by: 'worker', check: 'lint', why: 'there is no linter' }]),
  );
  expect(bundle.owed[0]).toBe('the merge commit on the default branch');
});

test('the contract’s digest depends on what was asked, not on the text around it', async () => {
  const input = await inputOf([check()]);
  const { body, title } = await projectIssue();
  const withBody = async (text: string): Promise<EvidenceBundle> => {
    const subject = await putCanonical(stage.artifacts, { version: 1, title, body: text });
    return await bundleOf({ ...input, run: { ...input.run, inputs: { ...input.run.inputs, subject } } });
  };
  const { contract } = await bundleOf(input);
  expect((await withBody(`A word before.\n\n${body}`)).contract).toBe(contract);
  expect((await withBody(body.replace('uses the name the profile has now', 'is empty'))).contract).not.toBe(
    contract,
  );
});

test('a test that only fails or only passes proves nothing', async () => {
  expect((await bundleOf(await inputOf([testsBefore, check()]))).proven).toEqual([]);
  expect((await bundleOf(await inputOf([{ ...testsBefore, passed: true }, testsAfter]))).proven).toEqual([]);
});

test('the concerns name a failed check, tests that prove nothing, and missing checks', async () => {
  const concernsOf = async (...checks: CheckResult[]): Promise<readonly string[]> =>
    (await bundleOf(await inputOf(checks))).concerns;
  expect(await concernsOf()).toEqual(['no verification command was run']);
  expect(await concernsOf(check({ passed: false }), check({ on: 'base', expected: 'fail' }))).toEqual([
    expect.stringContaining('failed on the verified commit'),
    expect.stringContaining('prove nothing'),
  ]);
});

test('the brief for the pull request is cut to fit', async () => {
  const report = aReport({ remainingRisks: Array.from({ length: 50 }, () => 'r'.repeat(3_000)) });
  const input = await inputOf([check()], { report: await putCanonical(stage.artifacts, report) });
  const { evidence } = await factOf(stage.activities.assembleEvidence, input);
  expect(JSON.stringify(evidence.brief).length).toBeLessThan(6_000);
  expect((await bundleOf(input)).remainingRisks).toHaveLength(50);
});

test('a report that is missing in the store is ArtifactMissing', async () => {
  const input = await inputOf([check()], { report: digestOf('lost') });
  const { ended } = await perform(stage.activities.assembleEvidence, input);
  expect(ended).toMatchObject({ failure: 'ArtifactMissing' });
});

test('the published schema has every field', () => {
  expect(Object.keys(evidenceJsonSchema()['properties'] as object)).toEqual(
    Object.keys(evidenceSchema.shape),
  );
});
