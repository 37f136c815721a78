/** Budgets of tokens, money and requests: before a request, during a stream, and when the provider gives no count. */
import { afterEach, expect, test } from '@jest/globals';
import {
  cutShort,
  cutStream,
  endless,
  hang,
  outOfQuota,
  overloaded,
  prose,
  refused,
  silent,
} from '../../simulator/model/scripts.ts';
import { counted, oneRun, openStage, testModel, type Stage, type StageOptions } from './support/gateway.ts';

const stages: Stage[] = [];
afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.close();
});

async function open(options: StageOptions): Promise<Stage> {
  const stage = await openStage(options);
  stages.push(stage);
  return stage;
}

test('a run that has used its tokens is refused with 402 and a clear message, after an accepted request', async () => {
  const stage = await open({ script: counted(900, 200) });
  const ask = await oneRun(stage, { tokensMax: 1_100 });
  expect((await ask()).status).toBe(200);
  const refusal = await ask();
  expect(refusal.status).toBe(402);
  expect(refusal.text).toContain('the run has used its 1100 tokens');
  expect(stage.model.requests).toHaveLength(1);
  expect(await stage.client.usage('r')).toMatchObject({
    requests: 1,
    refusals: 1,
    inputTokens: 900,
    outputTokens: 200,
    overBudget: true,
    lastProblem: 'over-budget',
  });
});

test('cost is counted by the price table, and by the high assumed price for a model without one', async () => {
  const prices = {
    [testModel]: { inputUsdPerMillion: 2, cachedInputUsdPerMillion: 1, outputUsdPerMillion: 10 },
  };
  const priced = await open({
    script: counted(1_000_000, 100_000),
    env: { SIGNALBOX_MODEL_PRICES: JSON.stringify(prices) },
  });
  await (
    await oneRun(priced, { tokensMax: 10_000_000 })
  )();
  expect((await priced.client.usage('r')).costUsd).toBeCloseTo(3);

  const assumed = await open({ script: counted(1_000_000, 100_000) });
  const ask = await oneRun(assumed, { tokensMax: 10_000_000, costUsdMax: 1 });
  await ask();
  expect((await assumed.client.usage('r')).costUsd).toBeCloseTo(15);
  const refusal = await ask();
  expect(refusal.status).toBe(402);
  expect(refusal.text).toContain('the run has used its 1 USD');
});

test('a run cannot send more requests than its limit', async () => {
  const stage = await open({ script: prose });
  const ask = await oneRun(stage, { requestsMax: 1 });
  expect((await ask()).status).toBe(200);
  expect((await ask()).status).toBe(402);
});

test('a body that alone exceeds the budget is refused before it is sent', async () => {
  const stage = await open({ script: prose });
  const ask = await oneRun(stage, { tokensMax: 50 });
  expect((await ask()).status).toBe(402);
  expect(stage.model.requests).toHaveLength(0);
});

test('the provider gets a bound on output tokens that the run can still pay for', async () => {
  const stage = await open({ script: prose });
  const ask = await oneRun(stage, { tokensMax: 5_000 });
  await ask();
  const bound = (stage.model.requests[0]?.body as { max_output_tokens: number }).max_output_tokens;
  expect(bound).toBeGreaterThan(4_000);
  expect(bound).toBeLessThan(5_000);
});

test('an endless answer is cut when the budget is used up and charged by estimate', async () => {
  const stage = await open({ script: endless });
  const answer = await (await oneRun(stage, { tokensMax: 3_000 }))();
  expect(answer.status).toBe(200);
  expect(answer.text).toContain('"type":"response.failed"');
  expect(answer.text).toContain('the run has used its budget');
  const usage = await stage.client.usage('r');
  expect(usage).toMatchObject({ overBudget: true, estimatedRequests: 1, lastProblem: 'over-budget' });
  expect(usage.inputTokens + usage.outputTokens).toBeGreaterThan(3_000);
  // At most one chunk of the stream more.
  expect(usage.inputTokens + usage.outputTokens).toBeLessThan(4_500);
});

test('the money limit also cuts a running answer', async () => {
  const prices = { '*': { inputUsdPerMillion: 0, cachedInputUsdPerMillion: 0, outputUsdPerMillion: 1_000 } };
  const stage = await open({ script: endless, env: { SIGNALBOX_MODEL_PRICES: JSON.stringify(prices) } });
  const answer = await (await oneRun(stage, { tokensMax: 1_000_000_000, costUsdMax: 2 }))();
  expect(answer.text).toContain('the run has used its budget');
  const usage = await stage.client.usage('r');
  expect(usage).toMatchObject({ overBudget: true, lastProblem: 'over-budget' });
  expect(usage.costUsd).toBeGreaterThan(2);
  expect(usage.costUsd).toBeLessThan(3);
});

test('an answer that ends at the bound set by the gateway is reported as over budget', async () => {
  const stage = await open({ script: cutShort });
  const answer = await (await oneRun(stage))();
  expect(answer.text).toContain('response.incomplete');
  expect(await stage.client.usage('r')).toMatchObject({
    overBudget: true,
    lastProblem: 'over-budget',
    inputTokens: 10,
    estimatedRequests: 0,
  });
});

test('the gateway answers 504 for a provider that never answers', async () => {
  const stage = await open({ script: hang, limits: { upstreamHeadersTimeoutMs: 200 } });
  const answer = await (await oneRun(stage))();
  expect(answer.status).toBe(504);
  expect(await stage.client.usage('r')).toMatchObject({
    lastProblem: 'upstream-timeout',
    estimatedRequests: 1,
    overBudget: false,
  });
});

test('the stream of a provider that stops sending is cut', async () => {
  const stage = await open({ script: silent, limits: { upstreamIdleTimeoutMs: 200 } });
  const answer = await (await oneRun(stage))();
  expect(answer.text).toContain('the provider sent nothing for 200 ms');
  expect((await stage.client.usage('r')).lastProblem).toBe('upstream-timeout');
});

test.each([
  { script: refused, status: 422, problem: 'upstream-rejected' },
  { script: overloaded, status: 503, problem: 'upstream-overloaded' },
  { script: outOfQuota, status: 429, problem: 'upstream-quota' },
])(
  'the provider’s $script.name is reported by name and costs nothing',
  async ({ script, status, problem }) => {
    const stage = await open({ script });
    const answer = await (await oneRun(stage))();
    expect(answer.status).toBe(status);
    expect(await stage.client.usage('r')).toMatchObject({ lastProblem: problem, inputTokens: 0, costUsd: 0 });
  },
);

test('a broken stream is charged by estimate', async () => {
  const stage = await open({ script: cutStream });
  const answer = await (await oneRun(stage))();
  expect(answer.text).toContain('response.failed');
  const usage = await stage.client.usage('r');
  expect(usage).toMatchObject({ lastProblem: 'stream-cut', estimatedRequests: 1 });
  expect(usage.inputTokens).toBeGreaterThan(100);
});

test('a wrong key is reported without the provider’s message about it', async () => {
  const stage = await open({ script: prose, env: { SIGNALBOX_MODEL_KEY: 'sk-wrong' } });
  const answer = await (await oneRun(stage))();
  expect(answer.status).toBe(502);
  expect(answer.text).toContain('the provider refused the key');
  expect(answer.text).not.toContain('sk-wrong');
  expect((await stage.client.usage('r')).lastProblem).toBe('upstream-key-refused');
});

test('a provider that cannot be reached is reported', async () => {
  const stage = await open({ script: prose });
  const ask = await oneRun(stage);
  await stage.model.close();
  const answer = await ask();
  expect(answer.status).toBe(502);
  expect(answer.text).toContain('cannot reach the provider');
});
