/** What a policy can allow beyond the strict rules: each allowance permits its own requests only, for its run only. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MODEL_ALLOWANCES, type ModelAllowance } from '../../src/domain/policy.ts';
import { prose } from '../../simulator/model/scripts.ts';
import { denyCorpus } from './deny-corpus.ts';
import { goodBody, openStage, plenty, post, testModel, type Stage } from './support/gateway.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ script: prose, limits: { bodyBytesMax: 100_000, refusalsMax: 10_000 } });
});
afterAll(() => stage.close());

const registered = async (...allowed: readonly ModelAllowance[]) =>
  await stage.client.register({
    ...{ runId: `with ${allowed.join(' ')}`, model: testModel, limits: plenty },
    allowed,
  });
const statusOf = async (body: unknown, ...allowed: readonly ModelAllowance[]): Promise<number> => {
  const { token, socketPath } = await registered(...allowed);
  return (await post({ token, socketPath, body })).status;
};

const input = (...items: readonly unknown[]) => goodBody({ input: items });
const message = (...content: readonly unknown[]) => ({ type: 'message', role: 'user', content });
const search = { type: 'web_search' };
const exec = { type: 'function', name: 'exec_command', parameters: {} };
const said = (annotation: object) => ({
  ...{ type: 'message', role: 'assistant' },
  content: [{ type: 'output_text', text: 'x', annotations: [annotation] }],
});
const image = { type: 'input_image', image_url: 'https://example.invalid/x.png', detail: 'auto' };
const citation = {
  ...{ type: 'url_citation', url: 'https://example.invalid', title: 't' },
  ...{ start_index: 0, end_index: 1 },
};

const requests: readonly (readonly [name: string, allowance: ModelAllowance, body: unknown])[] = [
  ['a stored response', 'stored-responses', goodBody({ store: true })],
  ['web search', 'web-search', goodBody({ tools: [search] })],
  [
    'web search with its settings',
    'web-search',
    goodBody({
      tools: [{ ...search, filters: { allowed_domains: ['example.com'] }, search_context_size: 'low' }],
      include: ['web_search_call.action.sources'],
    }),
  ],
  [
    'a finished search',
    'web-search',
    input({
      ...{ type: 'web_search_call', id: 'ws_1', status: 'completed' },
      action: { type: 'search', query: 'q', sources: [{ type: 'url', url: 'https://example.invalid' }] },
    }),
  ],
  ['an answer with a citation', 'web-search', input(said(citation))],
  [
    'web search in a namespace',
    'web-search',
    goodBody({ tools: [{ type: 'namespace', name: 'functions', tools: [search] }] }),
  ],
  ['an image by address', 'remote-images', input(message(image))],
  [
    'an image as the output of a tool',
    'remote-images',
    input({ type: 'function_call_output', call_id: 'c', output: [image] }),
  ],
  ['a tool by its own name', 'own-tools', goodBody({ tools: [{ ...exec, name: 'bash' }] })],
  ['a message without a type', 'own-tools', input({ role: 'user', content: 'x' })],
  ['a custom tool by its own name', 'own-tools', goodBody({ tools: [{ type: 'custom', name: 'edit' }] })],
];

test.each(requests)('%s is permitted by %s only', async (_, allowance, body) => {
  const others = MODEL_ALLOWANCES.filter(one => one !== allowance);
  expect(await statusOf(body)).toBe(403);
  expect(await statusOf(body, ...others)).toBe(403);
  expect(await statusOf(body, allowance)).toBe(200);
  expect(await statusOf(body, ...MODEL_ALLOWANCES)).toBe(200);
});

describe('with every allowance the gateway still refuses', () => {
  const permitted = new Set([
    ...['a stored response', 'web search', 'a remote tool inside a namespace'],
    ...['a remote tool among additional tools', 'an unknown function', 'an image by address'],
    'an image as the output of a tool',
    'a forbidden value after an allowed one of the same name',
  ]);
  const rest = denyCorpus.filter(({ name }) => !permitted.has(name));

  test.each(rest)('$name', async ({ denied, status }) => {
    const { token, socketPath } = await registered(...MODEL_ALLOWANCES);
    expect((await post({ token, socketPath, ...denied })).status).toBe(status);
  });

  test('the rest of the corpus', () => expect(rest.length).toBe(denyCorpus.length - permitted.size));

  test.each([
    ['a stored response, referred to by an item', input({ type: 'item_reference', id: 'msg_1' })],
    ['a stored response, referred to by its id', goodBody({ previous_response_id: 'resp_1' })],
    ['a stored image', input(message({ type: 'input_image', file_id: 'file_1' }))],
    ['a search with its own address', goodBody({ tools: [{ ...search, server_url: 'https://x' }] })],
    ['a search with a name', goodBody({ tools: [{ ...search, name: 'exec_command' }] })],
    ['another citation', input(said({ type: 'file_citation', file_id: 'file_1' }))],
    ['a tool with an address', goodBody({ tools: [{ ...exec, name: 'bash', server_url: 'https://x' }] })],
    ['a tool with an invalid name', goodBody({ tools: [{ ...exec, name: 'a b' }] })],
    ['a reference without a type', input({ id: 'msg_1' })],
    ['a reference that looks like a message', input({ id: 'msg_1', role: 'user', content: 'x' })],
    ['a message without type and role', input({ content: 'x' })],
    ['an unknown namespace', goodBody({ tools: [{ type: 'namespace', name: 'mine', tools: [exec] }] })],
  ])('%s', async (_, body) => {
    expect(await statusOf(body, ...MODEL_ALLOWANCES)).toBe(403);
  });
});

test('an open run keeps the allowances that it was registered with', async () => {
  const run = { runId: 'one', model: testModel, limits: plenty };
  await stage.client.register({ ...run, allowed: ['web-search'] });
  await stage.client.register({ ...run, allowed: ['web-search'] });
  await expect(stage.client.register(run)).rejects.toThrow('other allowances');
  await expect(stage.client.register({ ...run, allowed: ['own-tools'] })).rejects.toThrow('other allowances');
});
