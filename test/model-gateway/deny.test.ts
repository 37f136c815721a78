/** The deny corpus of the model gateway: commands in the box can send any request. Each case has a similar accepted request as its positive control. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { denyCorpus, text } from './deny-corpus.ts';
import { prose } from '../../simulator/model/scripts.ts';
import { openStage, plenty, post, providerKey, testModel, type Stage } from './support/gateway.ts';

let stage: Stage;
let run: { readonly token: string; readonly socketPath: string };

beforeAll(async () => {
  stage = await openStage({ script: prose, limits: { bodyBytesMax: 100_000 } });
  run = await stage.client.register({ runId: 'deny', model: testModel, limits: plenty });
});
afterAll(() => stage.close());

describe('the gateway refuses', () => {
  test.each(denyCorpus)('$name', async ({ denied, allowed, status }) => {
    const seen = stage.model.requests.length;
    const answer = await post({ ...run, ...denied });
    expect(answer.status).toBe(status);
    expect(answer.text).toContain('model gateway: ');
    expect(answer.text).not.toContain(providerKey);
    expect(stage.model.requests).toHaveLength(seen);

    const control = await post({ ...run, ...allowed });
    expect(control.status).toBe(200);
    expect(stage.model.requests).toHaveLength(seen + 1);
  });

  test('a run that uses the socket of another run', async () => {
    const other = await stage.client.register({ runId: 'other', model: testModel, limits: plenty });
    expect((await post({ socketPath: other.socketPath, token: run.token })).status).toBe(401);
    expect((await post({ socketPath: other.socketPath, token: other.token })).status).toBe(200);
  });
});

test('the corpus has at least 60 cases', () => expect(denyCorpus.length).toBeGreaterThanOrEqual(60));

test('the provider gets the checked body, serialized again', async () => {
  const twice = text.replace('"store":false', '"store":true,"store":false');
  expect((await post({ ...run, body: twice })).status).toBe(200);
  // A parser that takes the first of two equal keys would otherwise store the response.
  expect(stage.model.requests.at(-1)?.bodyText.match(/"store"/g)).toHaveLength(1);
  expect(twice.match(/"store"/g)).toHaveLength(2);
});

test('no data about the host and no other credential is sent to the provider', async () => {
  await post({
    ...run,
    headers: {
      'x-codex-turn-metadata': '{"remote":"private"}',
      originator: 'codex_exec',
      'openai-organization': 'org-1',
      cookie: 'a=b',
    },
  });
  const request = stage.model.requests.at(-1);
  expect(request?.headers['authorization']).toBe(`Bearer ${providerKey}`);
  const text = JSON.stringify([request?.headers, request?.body]);
  expect(text).not.toContain('private');
  expect(text).not.toContain('x-codex');
  expect(text).not.toContain('client_metadata');
  expect(text).not.toContain('org-1');
  expect(text).not.toContain(run.token);
  expect(request?.headers['cookie']).toBeUndefined();
  // Positive control: the rest of the body arrives.
  expect(text).toContain('Attempt: 1');
});
