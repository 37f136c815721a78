/** The account of a run: closed once, with one log line per request, and correct whenever a client disconnects. */
import http from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import type { Script } from '../../simulator/model/script.ts';
import { blocked, cutStream, endless, overBudget, overloaded, prose } from '../../simulator/model/scripts.ts';
import {
  goodBody,
  counted,
  oneRun,
  openStage,
  plenty,
  post,
  providerKey,
  testModel,
  type Answer,
  type Stage,
  type StageOptions,
} from './support/gateway.ts';
import type { RequestRecord } from '../../src/model-gateway/log.ts';

const stages: Stage[] = [];
afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.close();
});

async function open(options: StageOptions): Promise<Stage> {
  const stage = await openStage(options);
  stages.push(stage);
  return stage;
}

test('the log adds up to the account for every outcome of the requests', async () => {
  const turns = [counted(500, 20), cutStream, overloaded, endless, prose];
  let asked = 0;
  const stage = await open({ script: () => turns[asked++] ?? prose });
  const ask = await oneRun(stage, { tokensMax: 20_000 });
  for (let count = 0; count < turns.length; count += 1) await ask();
  const usage = await stage.client.close('r');
  const records = await stage.log();
  const sum = (of: (record: RequestRecord) => number): number =>
    records.map(of).reduce((total, value) => total + value, 0);
  expect(records).toHaveLength(usage.requests);
  expect(sum(record => record.inputTokens)).toBe(usage.inputTokens);
  expect(sum(record => record.outputTokens)).toBe(usage.outputTokens);
  expect(sum(record => record.costUsd)).toBeCloseTo(usage.costUsd, 12);
  expect(records.filter(record => record.estimated)).toHaveLength(usage.estimatedRequests);
  expect(usage.estimatedRequests).toBe(2);
});

test('a success after a problem clears it', async () => {
  let first = true;
  const stage = await open({ script: () => (first ? ((first = false), overloaded) : prose) });
  const ask = await oneRun(stage);
  await ask();
  expect((await stage.client.usage('r')).lastProblem).toBe('upstream-overloaded');
  await ask();
  expect((await stage.client.usage('r')).lastProblem).toBeNull();
});

test('the time until which the provider accepts no requests is known, until it accepts one', async () => {
  const busy: Script = {
    name: 'busy',
    turns: [{ kind: 'status', status: 429, error: { message: 'slow down' }, retryAfterSeconds: 900 }],
  };
  let first = true;
  const stage = await open({ script: () => (first ? ((first = false), busy) : prose) });
  const ask = await oneRun(stage);
  const before = Date.now();
  await ask();
  const { lastProblem, retryAt } = await stage.client.usage('r');
  expect(lastProblem).toBe('upstream-overloaded');
  expect(retryAt).toBeGreaterThanOrEqual(before + 900_000);
  expect(retryAt).toBeLessThanOrEqual(Date.now() + 900_000);
  await ask();
  expect((await stage.client.usage('r')).retryAt).toBeNull();
});

test('closing a run aborts its requests, removes the socket, and returns the same final usage when repeated', async () => {
  const stage = await open({ script: { name: 'gated', turns: [{ kind: 'message', text: 'x', gate: 'g' }] } });
  const ask = await oneRun(stage);
  const inFlight = ask().catch(() => undefined);
  await stage.model.waiting('g');
  const usage = await stage.client.close('r');
  expect(usage).toMatchObject({ open: false, requests: 1, estimatedRequests: 1 });
  await inFlight;
  expect(await stage.client.close('r')).toEqual(usage);
  await expect(ask()).rejects.toThrow(/ENOENT|ECONNREFUSED/);
  await expect(oneRun(stage)).rejects.toThrow('this run is closed');
});

test('the log has one line per request sent, with its cost and without a secret or a body', async () => {
  const stage = await open({ script: overBudget });
  const ask = await oneRun(stage, { tokensMax: 60_000_000 });
  await ask();
  const [record, ...others] = await stage.log();
  expect(others).toHaveLength(0);
  expect(record).toMatchObject({
    runId: 'r',
    request: 1,
    status: 200,
    upstreamStatus: 200,
    inputTokens: 50_000_000,
    outputTokens: 1_000_000,
    costUsd: 550,
    estimated: false,
    upstreamRequestId: 'req_scripted',
  });
  expect(JSON.stringify(record)).not.toMatch(new RegExp(`${providerKey}|Attempt`));
});

test('two concurrent requests are accepted and a third is refused', async () => {
  const stage = await open({
    script: { name: 'gated', turns: [{ ...(blocked.turns[0] ?? { kind: 'reset' }), gate: 'g' }] },
  });
  const ask = await oneRun(stage);
  const first = ask();
  const second = ask();
  await stage.model.waiting('g');
  while (stage.model.requests.length < 2) await new Promise(resolve => setImmediate(resolve));
  expect((await ask()).status).toBe(429);
  stage.model.openGate('g');
  expect([(await first).status, (await second).status]).toEqual([200, 200]);
});

test('a stream is forwarded while it is still running', async () => {
  const stage = await open({ script: endless });
  const run = await stage.client.register({ runId: 'r', model: testModel, limits: plenty });
  // Resolves with a chunk of an endless answer; the close below ends it.
  const piece = await new Promise<string>(resolve => void post({ ...run, onData: resolve }));
  expect(piece).toContain('response.output_text.delta');
  const usage = await stage.client.close('r');
  expect(usage.outputTokens).toBeGreaterThan(0);
});

test('clients that disconnect at any time do not harm the gateway and leave no request in flight', async () => {
  const stage = await open({ script: ({ callsDone }) => (callsDone === 0 ? endless : prose) });
  const run = await stage.client.register({
    runId: 'r',
    model: testModel,
    limits: { ...plenty, requestsMax: 1_000, tokensMax: 1_000_000_000 },
  });
  const body = JSON.stringify(goodBody());
  for (let moment = 0; moment < 40; moment += 1) await leaveAfter(run, body, moment);
  const results = [{ type: 'function_call_output', call_id: 'c', output: 'x' }];
  // The last connections may still be closing.
  let answer: Answer;
  do answer = await post({ ...run, body: goodBody({ input: results }) });
  while (answer.status === 429);
  expect(answer.status).toBe(200);
  const usage = await stage.client.close('r');
  const records = (await stage.log()).filter(record => record.runId === 'r');
  // Every request that was started is logged once.
  expect(records.map(record => record.request).sort((a, b) => a - b)).toEqual(
    Array.from({ length: usage.requests }, (_, index) => index + 1),
  );
});

/** Disconnects before, during or after the body, or after a number of chunks of the answer. */
function leaveAfter(run: { socketPath: string; token: string }, body: string, moment: number): Promise<void> {
  return new Promise(resolve => {
    const headers = { authorization: `Bearer ${run.token}`, 'content-length': Buffer.byteLength(body) };
    const request = http.request({
      socketPath: run.socketPath,
      method: 'POST',
      path: '/v1/responses',
      agent: false,
      headers,
    });
    request.on('error', () => undefined);
    request.once('close', () => resolve());
    let pieces = 0;
    request.on('response', response => {
      response.on('error', () => undefined);
      response.on('data', () => ((pieces += 1) > moment / 4 ? request.destroy() : undefined));
    });
    request.write(body.slice(0, moment % 4 === 0 ? 50 : body.length), () => {
      if (moment % 4 < 2) request.destroy();
      else request.end();
    });
  });
}
