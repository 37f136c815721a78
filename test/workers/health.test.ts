/** Health of real parts: a Temporal server that dies, and a model gateway whose control socket is gone. */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { NativeConnection } from '@temporalio/worker';
import { modelGatewayClient } from '../../src/model-gateway/client.ts';
import { openSignals, type Signals } from '../../src/telemetry/signals.ts';
import { watchControlSocket } from '../../src/workers/model-signals.ts';
import { addOverview } from '../../src/workers/overview.ts';
import { watchTemporal } from '../../src/workers/worker-health.ts';
import { openStage, type Stage } from '../client/temporal/stage.ts';
import { openStage as openModelGateway } from '../model-gateway/support/gateway.ts';
import { until } from '../support/until.ts';
import { lifeOf } from '../workflows/support/life.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 120_000);
afterAll(async () => await stage.end(), 60_000);

const signalsOf = async (process: string): Promise<Signals> =>
  await openSignals({ process, version: '0', listen: { host: '127.0.0.1', port: 0 } });

async function answer(signals: Signals): Promise<readonly [number, string]> {
  const response = await fetch(`${signals.url ?? ''}/healthz`);
  return [response.status, await response.text()];
}

test('the overview tells an issue at its gate, and the age of its hold', async () => {
  const stop = await stage.startWorkers();
  const signals = await signalsOf('scheduler');
  try {
    const life = lifeOf(stage, 1);
    await life.begin({});
    await life.atGate('start');
    addOverview(signals.metrics, () => Promise.resolve(stage.temporal), {
      ...{ issuesMax: 10, keptMs: 0, waitMs: 10_000 },
    });
    const text = await until('the index has it', async () => {
      const now = await signals.metrics.text();
      return now.includes('hold="gate:start"') ? now : undefined;
    });
    expect(text).toMatch(/^signalbox_issues\{stage="triage",hold="gate:start"\} 1$/m);
    expect(text).toMatch(/^signalbox_hold_oldest_age_seconds\{hold="gate:start"\} [\d.]+$/m);
    expect(text).toMatch(/^signalbox_queue_pollers\{queue="signalbox-runner",kind="activity"\} 1$/m);
    expect(text).toMatch(/^signalbox_queue_backlog_tasks\{queue="signalbox",kind="workflow"\} 0$/m);
    expect(text).toMatch(/^signalbox_issues_uncounted 0$/m);
  } finally {
    await signals.close();
    await stop();
  }
}, 60_000);

test('Temporal is a cause from the moment when its server dies', async () => {
  const signals = await signalsOf('runner');
  expect(await answer(signals)).toEqual([503, 'runner: it is starting\n']);
  const address = stage.environment['TEMPORAL_ADDRESS'] ?? '';
  const connection = await NativeConnection.connect({ address });
  watchTemporal(signals.health, connection, address);
  signals.ready();
  expect(await answer(signals)).toEqual([200, 'ok\n']);
  await stage.server.stop();
  const red = await until('not healthy', async () => {
    const [status, text] = await answer(signals);
    return status === 503 ? text : undefined;
  });
  expect(red).toContain(`temporal: does not answer at ${address}\n`);
  await signals.close();
  await connection.close();
}, 60_000);

test('a model gateway is healthy as long as its control socket answers', async () => {
  const { gateway, config, close } = await openModelGateway({ script: { name: 'none', turns: [] } });
  const signals = await signalsOf('model-gateway');
  watchControlSocket(signals, modelGatewayClient(config.controlSocketPath, { patienceMs: 0 }));
  signals.ready();
  expect(await answer(signals)).toEqual([200, 'ok\n']);
  expect(await signals.metrics.text()).toContain('signalbox_model_open_runs 0\n');
  await rm(gateway.controlSocketPath);
  const red = await until('not healthy', async () => {
    const [status, text] = await answer(signals);
    return status === 503 ? text : undefined;
  });
  expect(red).toContain('control socket: the model gateway does not answer at ');
  await signals.close();
  await close();
});
