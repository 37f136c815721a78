/** Exhausted memory has one ending and one summary, whether the control group or the runner's own watch enforced the limit. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pino from 'pino';
import { runEnd } from '../../../src/activities/runner/run-end.ts';
import { Transcript } from '../../../src/activities/runner/transcript.ts';
import { WorkerCommands } from '../../../src/activities/runner/worker-commands.ts';
import { commandAdapter } from '../../../src/agents/command/adapter.ts';
import { createLocalDirectoryStore } from '../../../src/artifacts/local-directory.ts';
import { modelGatewayClient } from '../../../src/model-gateway/client.ts';
import type { BoxResult } from '../../../src/box/spec.ts';
import { digestOf } from '../../../src/domain/digest.ts';
import { aReport } from '../../agents/support/task.ts';
import { tier } from '../../box/support/box.ts';

let dir: string;
beforeAll(async () => void (dir = await mkdtemp(join(tmpdir(), 'run-end-'))));
afterAll(() => rm(dir, { recursive: true }));

const adapter = commandAdapter({
  ...{ name: 'a', command: '/a', args: [], readOnlyMounts: [], needsModel: false },
});

const unused = {
  ...{ inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, reasoningTokens: 0, costUsd: 0 },
  ...{ overBudget: false, lastProblem: null, retryAt: null, open: false },
};

async function endOf(result: Partial<BoxResult>, stdout = '') {
  const ports = {
    ...{ artifacts: createLocalDirectoryStore({ directory: dir }), tier, adapterFor: () => adapter },
    ...{ mirrorsDir: dir, workspacesDir: dir, remote: () => ({ url: '' }), logger: pino({ enabled: false }) },
    modelGateway: modelGatewayClient(join(dir, 'none')),
    setUp: { layersDir: dir, dial: () => Promise.resolve({ refused: 'no way out' }) },
  };
  const complete = { ending: 'exited', durationMs: 1, stdoutBytes: 0, stderrTail: '', ...result } as const;
  const { ending, summary } = await runEnd(ports, {
    outcome: {
      ...{ result: complete, noProgress: false, stdout },
      ...{ transcript: new Transcript(), commands: new WorkerCommands() },
    },
    ...{ adapter, base: '', takesChange: false, layerPlaces: [], runToken: 't' },
    usage: { ...unused, runId: 'r', model: '', requests: 0, refusals: 0, estimatedRequests: 0 },
    workspace: {
      ...{ runId: 'r', dir, runDir: dir, release: () => Promise.resolve() },
      seal: () => Promise.resolve({ problem: '' }),
    },
    prompt: digestOf('p'),
    heartbeat: { signal: new AbortController().signal, setDetails: () => undefined },
  });
  return { ending, summary };
}

const MEMORY_SPENT = { ending: 'crashed', summary: 'the box used more memory than allowed' };

test('a memory limit enforced by the kernel ends the run as crashed', async () => {
  expect(await endOf({ exitCode: 137, memoryKills: 1 })).toEqual(MEMORY_SPENT);
});

test('a memory limit enforced by the watch ends the run as crashed, whatever was printed before', async () => {
  const end = await endOf({ ending: 'memory-limit', exitCode: 137 }, JSON.stringify(aReport()));
  expect(end).toEqual(MEMORY_SPENT);
});

test('a run that survives the kill of one of its commands ends as it reports', async () => {
  const report = aReport({ outcome: 'no-change' });
  expect(await endOf({ exitCode: 0, memoryKills: 1 }, JSON.stringify(report))).toMatchObject({
    ending: 'no-change',
  });
});

test('a crash for another reason has its own summary', async () => {
  expect(await endOf({ exitCode: 137, memoryKills: 0 })).toEqual({
    ending: 'crashed',
    summary: 'ended by exit 137',
  });
});
