/** Requests that the model gateway refuses, each with the most similar request that it accepts (default: the plain one). */
import { gzipSync } from 'node:zlib';
import { goodBody, providerKey, type Post } from './support/gateway.ts';

const message = (content: unknown): unknown => ({ type: 'message', role: 'user', content });
const input = (...items: unknown[]): Record<string, unknown> => goodBody({ input: items });
const tools = (...list: unknown[]): Record<string, unknown> => goodBody({ tools: list });
const exec = { type: 'function', name: 'exec_command', parameters: {} };
const namespace = (list: unknown[]): unknown => ({ type: 'namespace', name: 'functions', tools: list });
const hidden = (list: unknown[]): Record<string, unknown> =>
  input({ type: 'additional_tools', role: 'developer', tools: list });

export interface Case {
  readonly name: string;
  readonly denied: Partial<Post>;
  /** The most similar request that is accepted; absent: the plain body. */
  readonly allowed?: Partial<Post>;
  readonly status: number;
}

const withBody = (body: unknown): Partial<Post> => ({ body });
export const text = JSON.stringify(goodBody());
const custom = {
  type: 'custom',
  name: 'apply_patch',
  format: { type: 'grammar', syntax: 'lark', definition: 'x' },
};
const output = (part: object): Record<string, unknown> =>
  input({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'x', ...part }] });

export const denyCorpus: readonly Case[] = [
  { name: 'another path', denied: { path: '/v1/files' }, status: 404 },
  {
    name: 'a path that only starts like the right one',
    denied: { path: '/v1/responses/resp_1' },
    status: 404,
  },
  { name: 'a query', denied: { path: '/v1/responses?x=1' }, status: 404 },
  { name: 'an absolute address', denied: { path: 'http://example.invalid/v1/responses' }, status: 404 },
  { name: 'a dotted path', denied: { path: '/v1/x/../responses' }, status: 404 },
  { name: 'the model list', denied: { path: '/v1/models', method: 'GET' }, status: 404 },
  { name: 'another method', denied: { method: 'DELETE' }, status: 405 },
  {
    name: 'a compressed body',
    denied: { headers: { 'content-encoding': 'gzip' } },
    allowed: { headers: { 'content-encoding': 'identity' } },
    status: 415,
  },
  { name: 'no token', denied: { headers: { authorization: '' } }, status: 401 },
  { name: 'a made-up token', denied: { headers: { authorization: 'Bearer sk-my-own-key' } }, status: 401 },
  {
    name: 'the provider key instead of the token',
    denied: { headers: { authorization: `Bearer ${providerKey}` } },
    status: 401,
  },
  { name: 'a body that is not JSON', denied: withBody('{"model":'), status: 400 },
  { name: 'a body that is a list', denied: withBody([]), status: 403 },
  { name: 'a huge body', denied: withBody(goodBody({ prompt_cache_key: 'x'.repeat(150_000) })), status: 413 },
  { name: 'another model', denied: withBody(goodBody({ model: 'gpt-6-sol' })), status: 403 },
  { name: 'no model', denied: withBody(goodBody({ model: undefined })), status: 403 },
  { name: 'a stored response', denied: withBody(goodBody({ store: true })), status: 403 },
  {
    name: 'a response that is stored by default',
    denied: withBody(goodBody({ store: undefined })),
    status: 403,
  },
  { name: 'an answer in one piece', denied: withBody(goodBody({ stream: false })), status: 403 },
  { name: 'a service tier', denied: withBody(goodBody({ service_tier: 'priority' })), status: 403 },
  {
    name: 'an earlier response',
    denied: withBody(goodBody({ previous_response_id: 'resp_1' })),
    status: 403,
  },
  { name: 'background work', denied: withBody(goodBody({ background: true })), status: 403 },
  { name: 'a stored prompt', denied: withBody(goodBody({ prompt: { id: 'pmpt_1' } })), status: 403 },
  {
    name: 'an output bound',
    denied: withBody(goodBody({ max_output_tokens: 9_000_000 })),
    status: 403,
  },
  { name: 'an unknown field', denied: withBody(goodBody({ new_field: 1 })), status: 403 },
  {
    name: 'a field named like a prototype',
    denied: withBody(`{"constructor":1,${JSON.stringify(goodBody()).slice(1)}`),
    status: 403,
  },
  {
    name: 'a prototype field',
    denied: withBody(`{"__proto__":{"store":true},${JSON.stringify(goodBody()).slice(1)}`),
    status: 403,
  },
  {
    name: 'search results in the answer',
    denied: withBody(goodBody({ include: ['file_search_call.results'] })),
    status: 403,
  },
  {
    name: 'a forced remote tool',
    denied: withBody(goodBody({ tool_choice: { type: 'web_search' } })),
    allowed: withBody(goodBody({ tool_choice: 'none' })),
    status: 403,
  },
  {
    name: 'web search',
    denied: withBody(tools({ type: 'web_search' })),
    allowed: withBody(tools(exec)),
    status: 403,
  },
  {
    name: 'a remote MCP server',
    denied: withBody(tools(exec, { type: 'mcp', server_label: 'x', server_url: 'https://example.invalid' })),
    allowed: withBody(tools(exec)),
    status: 403,
  },
  {
    name: 'a code interpreter',
    denied: withBody(tools({ type: 'code_interpreter', container: { type: 'auto' } })),
    status: 403,
  },
  {
    name: 'file search',
    denied: withBody(tools({ type: 'file_search', vector_store_ids: ['vs_1'] })),
    status: 403,
  },
  { name: 'image generation', denied: withBody(tools({ type: 'image_generation' })), status: 403 },
  { name: 'a computer', denied: withBody(tools({ type: 'computer_use_preview' })), status: 403 },
  {
    name: 'an unknown function',
    denied: withBody(tools({ ...exec, name: 'spawn_agent' })),
    allowed: withBody(tools({ ...exec, name: 'write_stdin' })),
    status: 403,
  },
  {
    name: 'a remote address on an allowed tool',
    denied: withBody(tools({ ...exec, server_url: 'https://example.invalid' })),
    allowed: withBody(tools(exec)),
    status: 403,
  },
  {
    name: 'a remote tool inside a namespace',
    denied: withBody(tools(namespace([{ type: 'web_search' }]))),
    allowed: withBody(tools(namespace([exec]))),
    status: 403,
  },
  {
    name: 'another namespace',
    denied: withBody(tools({ type: 'namespace', name: 'collaboration', tools: [exec] })),
    allowed: withBody(tools(namespace([exec]))),
    status: 403,
  },
  {
    name: 'a remote tool among additional tools',
    denied: withBody(hidden([{ type: 'web_search' }])),
    allowed: withBody(hidden([exec])),
    status: 403,
  },
  {
    name: 'a remote tool in a namespace among additional tools',
    denied: withBody(hidden([namespace([exec, { type: 'mcp', server_url: 'https://example.invalid' }])])),
    allowed: withBody(hidden([namespace([exec])])),
    status: 403,
  },
  {
    name: 'tools hidden in a message',
    denied: withBody(input({ ...(message('x') as object), tools: [exec] })),
    allowed: withBody(input(message('x'))),
    status: 403,
  },
  {
    name: 'deeply nested namespaces',
    denied: withBody(tools(namespace([namespace([namespace([namespace([namespace([exec])])])])]))),
    allowed: withBody(tools(namespace([namespace([exec])]))),
    status: 403,
  },
  {
    name: 'an image by address',
    denied: withBody(
      input(message([{ type: 'input_image', image_url: 'https://example.invalid/leak.png' }])),
    ),
    allowed: withBody(input(message([{ type: 'input_text', text: 'https://example.invalid/leak.png' }]))),
    status: 403,
  },
  {
    name: 'an image next to a text',
    denied: withBody(
      input(message([{ type: 'input_text', text: 'x', image_url: 'https://example.invalid' }])),
    ),
    status: 403,
  },
  {
    name: 'a file by address',
    denied: withBody(input(message([{ type: 'input_file', file_url: 'https://example.invalid/x' }]))),
    status: 403,
  },
  {
    name: 'a stored file',
    denied: withBody(input(message([{ type: 'input_file', file_id: 'file_1' }]))),
    status: 403,
  },
  {
    name: 'an image as the output of a tool',
    denied: withBody(
      input({
        type: 'function_call_output',
        call_id: 'c',
        output: [{ type: 'input_image', image_url: 'https://example.invalid' }],
      }),
    ),
    allowed: withBody(
      input({ type: 'function_call_output', call_id: 'c', output: [{ type: 'input_text', text: 'x' }] }),
    ),
    status: 403,
  },
  {
    name: 'a reference to a stored item',
    denied: withBody(input({ type: 'item_reference', id: 'msg_1' })),
    status: 403,
  },
  {
    name: 'an approval of a remote call',
    denied: withBody(input({ type: 'mcp_approval_response', approve: true, approval_request_id: 'x' })),
    status: 403,
  },
  {
    name: 'a message in another role',
    denied: withBody(input({ type: 'message', role: 'tool', content: 'x' })),
    allowed: withBody(input({ type: 'message', role: 'user', content: 'x' })),
    status: 403,
  },
  {
    name: 'an address where a description belongs',
    denied: withBody(tools({ ...exec, description: { image_url: 'https://example.invalid' } })),
    allowed: withBody(tools({ ...exec, description: 'see https://example.invalid' })),
    status: 403,
  },
  {
    name: 'a format with an extra field',
    denied: withBody(tools({ ...custom, format: { ...custom.format, url: 'https://example.invalid' } })),
    allowed: withBody(tools(custom)),
    status: 403,
  },
  {
    name: 'a citation of a stored file',
    denied: withBody(output({ annotations: [{ type: 'file_citation', file_id: 'file_1' }] })),
    allowed: withBody(output({ annotations: [] })),
    status: 403,
  },
  {
    name: 'a part whose text is an object',
    denied: withBody(output({ text: { image_url: 'https://example.invalid' } })),
    status: 403,
  },
  {
    name: 'an item whose id is an object',
    denied: withBody(input({ ...(message('x') as object), id: { file_id: 'file_1' } })),
    allowed: withBody(input({ ...(message('x') as object), id: 'msg_1' })),
    status: 403,
  },
  {
    name: 'a forbidden value after an allowed one of the same name',
    denied: withBody(text.replace('"store":false', '"store":false,"store":true')),
    allowed: withBody(text.replace('"store":false', '"store":true,"store":false')),
    status: 403,
  },
  {
    name: 'a forbidden field with an escaped name',
    denied: withBody(text.replace('"store":false', '"store":false,"\\u0062ackground":true')),
    allowed: withBody(text.replace('"store":false', '"st\\u006fre":false')),
    status: 403,
  },
  {
    name: 'a body nested too deeply to serialize',
    denied: {
      body: text.replace('"parameters":{', `"parameters":{"x":${'['.repeat(20_000)}${']'.repeat(20_000)},`),
    },
    allowed: {
      body: text.replace('"parameters":{', `"parameters":{"x":${'['.repeat(100)}${']'.repeat(100)},`),
    },
    status: 400,
  },
  { name: 'a byte order mark before the body', denied: withBody(`\ufeff${text}`), status: 400 },
  {
    name: 'a compressed body without the header',
    denied: withBody(gzipSync(text).toString('latin1')),
    status: 400,
  },
  {
    name: 'a compressed body under a combined encoding',
    denied: { headers: { 'content-encoding': 'identity, gzip' } },
    status: 415,
  },
  {
    name: 'structured arguments',
    denied: withBody(
      input({ type: 'function_call', call_id: 'c', name: 'exec_command', arguments: { image_url: 'x' } }),
    ),
    allowed: withBody(input({ type: 'function_call', call_id: 'c', name: 'exec_command', arguments: '{}' })),
    status: 403,
  },
];
