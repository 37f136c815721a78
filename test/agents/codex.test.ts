/** The real Codex binary in the box, with the real model gateway and a scripted provider. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentEnding } from '../../src/agents/adapter.ts';
import { codexAdapter } from '../../src/agents/codex/adapter.ts';
import { findCodex } from '../../src/agents/codex/binary.ts';
import { RUN_SOCKET_NAME } from '../../src/model-gateway/runs.ts';
import { checkCodex } from '../../src/agents/preflight.ts';
import { WorkerCommands } from '../../src/activities/runner/worker-commands.ts';
import { detectTier } from '../../src/box/detect.ts';
import type { Script } from '../../simulator/model/script.ts';
import * as scripts from '../../simulator/model/scripts.ts';
import { until } from '../support/until.ts';
import { openStage, testModel, type Stage, type StageOptions } from '../model-gateway/support/gateway.ts';
import { runBoxed, type BoxedRun, type RunOutcome } from './support/boxed-run.ts';

const binary = findCodex();
if (binary === undefined) throw new Error('these tests need the Codex binary: npm ci');
const adapter = codexAdapter(binary);

const answers = (status: number): Script =>
  scripts.answersWith(status, { message: 'The server says no', code: 'some_code' });

const stages: Stage[] = [];
afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.close();
});

async function open(options: StageOptions): Promise<Stage> {
  const stage = await openStage(options);
  stages.push(stage);
  return stage;
}

async function run(
  options: StageOptions,
  more: Partial<BoxedRun> = {},
): Promise<RunOutcome & { readonly stage: Stage }> {
  const stage = await open(options);
  return { ...(await runBoxed({ stage, adapter, ...more })), stage };
}

function reportOf(ending: AgentEnding): unknown {
  return ending.kind === 'reported' ? ending.report : ending;
}

test('Codex reads, reproduces the failure, patches, tests and reports', async () => {
  const outcome = await run({ script: scripts.greetingFix() });
  expect(reportOf(outcome.ending)).toMatchObject({
    outcome: 'patch',
    rootCause: { files: [{ path: 'src/greeting.js' }] },
  });
  expect(outcome.changed).toEqual([' M src/greeting.js', '?? test/greeting-refresh.test.js']);
  const commands = outcome.progress
    .filter(({ kind, text }) => kind === 'command' && text.startsWith('exit'))
    .map(({ text }) => text.slice(0, 6));
  // The test fails before the change and passes after it.
  expect(commands).toEqual(['exit 0', 'exit 0', 'exit 1', 'exit 0']);
  const evidence = new WorkerCommands();
  for (const line of outcome.stdout.split('\n')) {
    const command = adapter.commandOf?.(line);
    if (command !== undefined) evidence.note(command);
  }
  expect(evidence.all().map(({ by, exitCode, passed }) => [by, exitCode, passed])).toEqual([
    ['worker', 0, true],
    ['worker', 0, true],
    ['worker', 1, false],
    ['worker', 0, true],
  ]);
  expect(evidence.all()[2]?.command).toContain('node --test');
  expect(outcome.usage).toMatchObject({
    requests: 7,
    refusals: 0,
    estimatedRequests: 0,
    inputTokens: 7_000,
    outputTokens: 350,
    lastProblem: null,
  });
});

test('requests reach the provider through the gateway, with plain tools and nothing about the host', async () => {
  const { stage } = await run({ script: scripts.analysis });
  expect(stage.model.requests.map(request => request.path)).toEqual(['/v1/responses', '/v1/responses']);
  const [first] = stage.model.requests;
  const body = first?.body as { tools: { name: string }[]; text: { format: { strict: boolean } } };
  expect(body.tools.map(tool => tool.name)).toEqual(['exec_command', 'write_stdin', 'apply_patch']);
  expect(body.text.format.strict).toBe(true);
  expect(JSON.stringify(first?.headers)).not.toMatch(/codex|thread-id/);
});

describe('a run can end', () => {
  test.each([scripts.blocked, scripts.needsHuman, scripts.analysis, scripts.noChange])(
    'with the report $name',
    async script => {
      const { ending, changed } = await run({ script });
      expect(reportOf(ending)).toMatchObject({ outcome: script.name });
      expect(changed).toEqual([]);
    },
  );

  test.each([scripts.onlyDeltas, scripts.callWithoutId])(
    'without a report, although it exits with 0: $name',
    async script => {
      const { ending, box } = await run({ script });
      expect(box.exitCode).toBe(0);
      expect(ending).toMatchObject({ kind: 'no-report', cause: 'no-message' });
    },
  );

  test('with a report that does not match the schema, although it exits with 0', async () => {
    const { ending, box } = await run({ script: scripts.wrongReport });
    expect(box.exitCode).toBe(0);
    expect(ending).toMatchObject({ kind: 'report-invalid', problem: 'schema' });
  });

  test('over budget, when a response reaches the output limit set by the gateway', async () => {
    const { ending } = await run({ script: scripts.cutShort });
    expect(ending).toMatchObject({ kind: 'over-budget', cause: 'over-budget' });
  });

  test('without starting, when the box does not work', async () => {
    const stage = await open({ script: scripts.blocked });
    const tier = { ...(await detectTier()), bubblewrapPath: '/bin/false' };
    const { box, usage } = await runBoxed({ stage, adapter, tier });
    // The runner names this ending sandbox-broken; the adapter is not asked.
    expect(box.ending).toBe('could-not-start');
    expect(usage.requests).toBe(0);
  });

  test('with prose instead of a report, although it exits with 0', async () => {
    const { ending, box } = await run({ script: scripts.prose });
    expect(box.exitCode).toBe(0);
    expect(ending).toMatchObject({ kind: 'report-invalid', problem: 'not-json' });
  });

  test('over budget, when the gateway refuses the next request', async () => {
    const { ending, stage, box } = await run({ script: scripts.overBudget });
    expect(ending).toMatchObject({
      kind: 'over-budget',
      detail: expect.stringContaining('the run has used its'),
    });
    expect(stage.model.requests).toHaveLength(1);
    expect(box.durationMs).toBeLessThan(10_000);
  });

  test('over budget, when the gateway cuts an endless response', async () => {
    const { ending } = await run({ script: scripts.endless }, { limits: { tokensMax: 20_000 } });
    expect(ending).toMatchObject({
      kind: 'over-budget',
      detail: expect.stringContaining('the run has used its budget'),
    });
  });

  test('with a refusal by the gateway, for a model other than the run’s', async () => {
    const { ending, stage } = await run(
      { script: scripts.blocked },
      { model: 'another-model', agentModel: testModel },
    );
    expect(ending).toMatchObject({
      kind: 'model-refused',
      cause: 'refused',
      detail: expect.stringContaining('only the model another-model'),
    });
    expect(stage.model.requests).toHaveLength(0);
  });

  test('with a timeout of the gateway, when the provider sends no headers', async () => {
    const { ending, box } = await run({ script: scripts.hang, limits: { upstreamHeadersTimeoutMs: 500 } });
    expect(ending).toMatchObject({ kind: 'model-unreachable', cause: 'upstream-timeout' });
    expect(box.ending).toBe('exited');
  });

  test('with the provider unreachable', async () => {
    const stage = await open({ script: scripts.blocked });
    const { ending } = await runBoxed({ stage, adapter, before: () => stage.model.close() });
    expect(ending).toMatchObject({ kind: 'model-unreachable', cause: 'upstream-unreachable' });
  });

  test('with the gateway’s socket missing', async () => {
    const stage = await open({ script: scripts.blocked });
    const runs = join(stage.config.dir, 'runs');
    // The control socket remains, so that the account can be closed.
    const before = async (): Promise<void> => {
      for (const name of await readdir(runs)) await rm(join(runs, name, RUN_SOCKET_NAME));
    };
    const { ending } = await runBoxed({ stage, adapter, before });
    expect(ending).toMatchObject({ kind: 'model-unreachable', cause: 'upstream-unreachable' });
  });

  test.each([
    { script: scripts.refused, kind: 'model-refused', cause: 'upstream-rejected' },
    { script: scripts.overloaded, kind: 'model-overloaded', cause: 'upstream-overloaded' },
    { script: scripts.outOfQuota, kind: 'model-refused', cause: 'upstream-quota' },
    { script: scripts.cutStream, kind: 'model-unreachable', cause: 'stream-cut' },
    { script: scripts.silent, kind: 'model-unreachable', cause: 'upstream-timeout' },
    { script: scripts.resets, kind: 'model-unreachable', cause: 'upstream-unreachable' },
    { script: scripts.failedInStream, kind: 'model-overloaded', cause: 'upstream-overloaded' },
    { script: answers(401), kind: 'model-refused', cause: 'upstream-key-refused' },
    { script: answers(403), kind: 'model-refused', cause: 'upstream-key-refused' },
    { script: answers(404), kind: 'model-refused', cause: 'upstream-rejected' },
    { script: answers(429), kind: 'model-overloaded', cause: 'upstream-overloaded' },
    { script: answers(500), kind: 'model-overloaded', cause: 'upstream-overloaded' },
    { script: answers(302), kind: 'model-unreachable', cause: 'upstream-unreachable' },
  ])('with a failure of the provider: $script.name', async ({ script, kind, cause }) => {
    expect((await run({ script, limits: { upstreamIdleTimeoutMs: 500 } })).ending).toMatchObject({
      kind,
      cause,
    });
  });

  test('when it is cancelled during a request', async () => {
    const stage = await open({ script: scripts.slow(scripts.blocked, 'g') });
    const abort = new AbortController();
    const running = runBoxed({ stage, adapter, signal: abort.signal });
    await stage.model.waiting('g');
    abort.abort();
    const { box, usage, ending } = await running;
    expect(box.ending).toBe('cancelled');
    expect(ending.kind).not.toBe('reported');
    expect(usage).toMatchObject({ requests: 2, estimatedRequests: 1, open: false });
  });
});

test('another model slug gets the same plain tools from a generated catalogue', async () => {
  const { ending, stage } = await run({ script: scripts.blocked }, { model: 'gpt-6-sol' });
  expect(reportOf(ending)).toMatchObject({ outcome: 'blocked' });
  const body = stage.model.requests[0]?.body as { model: string; tools: { name: string }[] };
  expect(body.model).toBe('gpt-6-sol');
  expect(body.tools.map(tool => tool.name)).toEqual(['exec_command', 'write_stdin', 'apply_patch']);
});

test('an unknown model slug works the same way, so that another provider can be used', async () => {
  const { ending } = await run({ script: scripts.blocked }, { model: 'house-model-7' });
  expect(reportOf(ending)).toMatchObject({ outcome: 'blocked' });
});

test('the preflight reports the version, or a fix when the binary is missing', async () => {
  expect(await checkCodex(binary)).toEqual({ ok: true, found: `codex ${binary.version}` });
  expect(await checkCodex({ ...binary, hostPath: '/nonexistent/codex' })).toMatchObject({
    ok: false,
    fix: expect.stringContaining('npm ci'),
  });
});

/** Other tests on this host run Codex too, but those processes end. A leftover one would wait for its model forever. */
test('no Codex process is left running', async () => {
  const agents = (): readonly string[] =>
    execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
      .split('\n')
      .flatMap(line => /^ *(\d+) \/opt\/codex\/bin\/codex exec/.exec(line)?.[1] ?? []);
  const now = agents();
  await until(
    'every Codex process has exited',
    () => !agents().some(pid => now.includes(pid)) || undefined,
    120_000,
  );
}, 150_000);
