/** What the mains watch and count: each check is red when its part does not work, and green when it does. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createLocalDirectoryStore } from '../../src/artifacts/local-directory.ts';
import type { ListedIssue } from '../../src/client/temporal/list.ts';
import { healthValues } from '../../src/local/health-ports.ts';
import { openSignals, type Signals } from '../../src/telemetry/signals.ts';
import { workFields } from '../../src/workers/activity-log.ts';
import { watchedGitHub } from '../../src/workers/github-signals.ts';
import { modelObserver } from '../../src/workers/model-signals.ts';
import { issueSeries } from '../../src/workers/overview.ts';
import { watchedStore } from '../../src/workers/store-signals.ts';
import { watchUnreachedTemporal, watchWorkers } from '../../src/workers/worker-health.ts';

let signals: Signals;
let dir: string;
beforeEach(async () => {
  signals = await openSignals({ process: 'scheduler', version: '0', listen: undefined });
  signals.ready();
  dir = await mkdtemp(join(tmpdir(), 'signalbox-signals-'));
});
afterEach(async () => await rm(dir, { recursive: true, force: true }));

/** As the watch asked next, without what was kept from before. */
async function causes(): Promise<readonly string[]> {
  signals.health.watch('nothing', () => undefined);
  return await signals.health.causes();
}

test('the store is red from a failed call until one works, and an artifact that is missing is no failure', async () => {
  const directory = join(dir, 'artifacts');
  const store = watchedStore(createLocalDirectoryStore({ directory }), signals);
  const digest = await store.put(Buffer.from('kept'), 'text/plain');
  expect(await causes()).toEqual([]);
  await rm(directory, { recursive: true });
  await expect(store.get(digest, 100)).rejects.toThrow('not in this store');
  expect(await causes()).toEqual([]);
  await writeFile(directory, 'a file in place of the directory');
  await expect(store.get(digest, 100)).rejects.toThrow('ENOTDIR');
  expect(await causes()).toEqual([expect.stringMatching(/^store: .*ENOTDIR/)]);
  await rm(directory);
  expect(await causes()).toEqual([]);
  const text = await signals.metrics.text();
  expect(text).toContain('signalbox_store_requests_total{operation="put",outcome="ok"} 1\n');
  expect(text).toContain('signalbox_store_requests_total{operation="get",outcome="missing"} 1\n');
  expect(text).toContain('signalbox_store_requests_total{operation="get",outcome="failed"} 1\n');
});

test('GitHub is red from a refused credential until it is accepted; no answer says nothing', async () => {
  const observe = watchedGitHub(signals);
  observe({ requestClass: 'GET issues', status: 401 });
  observe({ requestClass: 'GET issues', status: 0 });
  expect(await causes()).toEqual([expect.stringMatching(/^github: does not accept the credential\. Fix: /)]);
  const quota = { resource: 'core', limit: 5_000, remaining: 4_990, resetsAt: 1_700_000_000 };
  observe({ requestClass: 'GET issues', status: 304, quota });
  expect(await causes()).toEqual([]);
  const text = await signals.metrics.text();
  expect(text).toContain('signalbox_github_requests_total{class="GET issues",status="304"} 1\n');
  expect(text).toContain('signalbox_github_quota_remaining{resource="core"} 4990\n');
  expect(text).toContain('signalbox_github_quota_reset_timestamp_seconds{resource="core"} 1700000000\n');
});

test('a worker that does not run and a Temporal that was not reached are causes', async () => {
  watchUnreachedTemporal(signals.health, '127.0.0.1:7233');
  expect(await causes()).toEqual(['temporal: not reached yet at 127.0.0.1:7233']);
  signals.health.watch('temporal', () => undefined);
  const worker = (state: 'RUNNING' | 'FAILED') =>
    ({ getState: () => state, options: { taskQueue: 'signalbox' } }) as unknown as Parameters<
      typeof watchWorkers
    >[1][number];
  watchWorkers(signals.health, [worker('RUNNING'), worker('FAILED')]);
  expect(await causes()).toEqual(['worker: does not poll signalbox (failed)']);
  watchWorkers(signals.health, [worker('RUNNING')]);
  expect(await causes()).toEqual([]);
});

test('the model gateway counts requests, tokens, money and refusals', async () => {
  const { onRequest, onRefusal } = modelObserver(signals.metrics);
  const record = {
    ...{ at: '', runId: 'r', request: 1, model: 'm', status: 200, upstreamStatus: 200 },
    ...{ upstreamRequestId: null, detail: null, estimated: false, bytesIn: 1, bytesOut: 1 },
    ...{ firstByteMs: 1, durationMs: 1, costUsd: 0.25 },
    ...{ inputTokens: 10, cachedInputTokens: 4, outputTokens: 5, reasoningTokens: 2 },
  };
  onRequest({ ...record, problem: null });
  onRequest({ ...record, problem: 'upstream-timeout' });
  onRefusal('over-budget');
  const text = await signals.metrics.text();
  expect(text).toContain('signalbox_model_requests_total{model="m",outcome="ok"} 1\n');
  expect(text).toContain('signalbox_model_requests_total{model="m",outcome="upstream-timeout"} 1\n');
  expect(text).toContain('signalbox_model_tokens_total{model="m",kind="cached"} 8\n');
  expect(text).toContain('signalbox_model_cost_usd_total{model="m"} 0.5\n');
  expect(text).toContain('signalbox_model_refusals_total{problem="over-budget"} 1\n');
});

test('issues are reported by stage and hold, and each kind of hold by its oldest', () => {
  const now = 1_000_000;
  const held = (hold: string, heldSince: number | null) =>
    ({ stage: 'pr', hold, view: { heldSince } }) as unknown as ListedIssue;
  const { counts, ages } = issueSeries(
    [held('gate:merge', now - 5_000), held('gate:merge', now - 60_000), held('none', null), held('', null)],
    now,
  );
  signals.metrics.replace('signalbox_issues', counts);
  expect(counts.filter(({ labels }) => labels.hold === 'none')).toHaveLength(2);
  expect(ages).toEqual([{ labels: { hold: 'gate:merge' }, value: 60 }]);
});

test('the input of an activity names issue, generation and run; a scan names its repository', () => {
  const issue = { owner: 'acme', repo: 'app', number: 7 };
  const context = { issue, generation: 2 };
  expect(workFields({ context, effect: { runId: 'g2-a1' } })).toEqual({
    issue: 'acme/app#7',
    generation: 2,
    run: 'g2-a1',
  });
  expect(workFields({ context, facets: [] })).toEqual({ issue: 'acme/app#7', generation: 2 });
  expect(workFields({ repository: { owner: 'acme', repo: 'app' } })).toEqual({ repository: 'acme/app' });
  expect(workFields(undefined)).toEqual({});
});

test.each([
  ['127.0.0.1:9464', 'scheduler', '127.0.0.1:9464'],
  ['127.0.0.1:9464', 'gateway', '127.0.0.1:9467'],
  ['[::1]:9464', 'runner', '[::1]:9465'],
  ['0.0.0.0:0', 'runner', '0.0.0.0:0'],
])('with SIGNALBOX_HEALTH_LISTEN=%s, the %s of `up` listens at %s', (base, process, address) => {
  expect(healthValues({ SIGNALBOX_HEALTH_LISTEN: base }, process)).toEqual({
    SIGNALBOX_HEALTH_LISTEN: address,
  });
});

test('without the setting, no process of `up` serves its health', () => {
  expect(healthValues({}, 'scheduler')).toEqual({});
});
