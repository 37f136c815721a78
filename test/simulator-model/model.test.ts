/** The scripted provider: it requires its key, its turns follow the conversation, and its gates hold until they are opened. */
import { afterEach, expect, test } from '@jest/globals';
import { greetingFix, hang, blocked, analysis, slow } from '../../simulator/model/scripts.ts';
import type { ScriptChoice } from '../../simulator/model/script.ts';
import { startModel, type ScriptedModel } from '../../simulator/model/server.ts';

const models: ScriptedModel[] = [];
afterEach(async () => {
  for (const model of models.splice(0)) await model.close();
});

async function open(script: ScriptChoice): Promise<ScriptedModel> {
  const model = await startModel({ script, key: 'sk-test' });
  models.push(model);
  return model;
}

const user = (text: string): unknown => ({
  type: 'message',
  role: 'user',
  content: [{ type: 'input_text', text }],
});
const result = { type: 'function_call_output', call_id: 'c', output: 'x' };

function ask(model: ScriptedModel, input: unknown[], init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: 'Bearer sk-test' };
  return fetch(`${model.url}/responses`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ model: 'm', input }),
    ...init,
  });
}

test('a request without the key is refused, and one with it is answered', async () => {
  const model = await open(blocked);
  expect((await ask(model, [], { headers: {} })).status).toBe(401);
  expect((await ask(model, [])).status).toBe(200);
  expect((await fetch(`${model.url}/models`)).status).toBe(404);
  expect(model.requests.map(request => request.turn)).toEqual(['unauthorised', 'exec', 'not-found']);
});

test('the calls of the conversation select the turn, so a new provider continues where the old one stopped', async () => {
  const first = await open(greetingFix());
  expect(await (await ask(first, [user('go')])).text()).toContain('ls -R');
  const second = await open(greetingFix());
  const patch = await (await ask(second, [user('go'), result, result])).text();
  expect(patch).toContain('"name":"apply_patch"');
  expect(patch).toContain('response.completed');
});

test('a script can be chosen by the prompt and by the attempt', async () => {
  const model = await open(({ attempt, prompt }) =>
    attempt > 1 && prompt.includes('#12') ? analysis : hang,
  );
  expect((await ask(model, [user('Issue: #12\nAttempt: 2')])).status).toBe(200);
  await expect(
    ask(model, [user('Issue: #12\nAttempt: 1')], {
      headers: { authorization: 'Bearer sk-test' },
      signal: AbortSignal.timeout(200),
    }),
  ).rejects.toThrow('aborted');
});

test('a gate holds its turn until it is opened, and stays open', async () => {
  const model = await open(slow(blocked, 'g'));
  let answered = false;
  const held = ask(model, [user('go'), result]).then(() => (answered = true));
  await model.waiting('g');
  expect(answered).toBe(false);
  model.openGate('g');
  await held;
  expect((await ask(model, [user('go'), result])).status).toBe(200);
});
