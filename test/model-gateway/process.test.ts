/** The gateway as a process: SIGKILL and restart, no secret that others can read, and no second gateway on the same directory. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { modelGatewayClient } from '../../src/model-gateway/client.ts';
import { controlSocketPath } from '../../src/model-gateway/config.ts';
import type { ScriptedModel } from '../../simulator/model/server.ts';
import { parseLog, plenty, post, providerKey, testModel } from './support/gateway.ts';
import { stageGatewayProcesses, type GatewayProcesses } from './support/process.ts';

let stage: GatewayProcesses;
let dir: string;
let model: ScriptedModel;
let start: GatewayProcesses['start'];
let kill: GatewayProcesses['kill'];

beforeEach(async () => {
  stage = await stageGatewayProcesses();
  ({ dir, model, start, kill } = stage);
});
afterEach(() => stage.end());

const waiting = {
  model: testModel,
  stream: true,
  store: false,
  input: [{ type: 'message', role: 'user', content: 'wait' }],
};

test('a killed gateway continues with the same sockets, tokens and counts, and charges requests in flight', async () => {
  const { child } = await start();
  const client = modelGatewayClient(controlSocketPath(join(dir, 'gw')));
  const run = await client.register({ runId: 'r', model: testModel, limits: plenty });
  const closed = await client.register({ runId: 'closed', model: testModel, limits: plenty });
  await client.close('closed');
  expect((await post(run)).status).toBe(200);
  const inFlight = post({ ...run, body: waiting }).catch(() => ({ status: 0, broken: true }));
  await model.waiting('g');
  const before = await client.usage('r');

  await kill(child);
  expect((await inFlight).status).toBe(0);
  // Positive control: there is no answer while it is dead.
  await expect(post(run)).rejects.toThrow('ECONNREFUSED');
  const asked = client.usage('r');
  await start();

  const after = await asked;
  expect(after).toMatchObject({ requests: 2, estimatedRequests: 1, lastProblem: 'stream-cut', open: true });
  expect(after.inputTokens).toBeGreaterThan(before.inputTokens);
  expect((await post(run)).status).toBe(200);
  expect((await post({ ...run, token: 'wrong' })).status).toBe(401);
  await expect(post(closed)).rejects.toThrow(/ENOENT/);
  expect(await client.close('r')).toMatchObject({ requests: 3, inputTokens: after.inputTokens + 1_000 });
  expect(await readdir(join(dir, 'gw', 'runs'))).toEqual([]);
});

test('the allowances of a run survive a kill; a state file without the field allows nothing', async () => {
  const { child } = await start();
  const client = modelGatewayClient(controlSocketPath(join(dir, 'gw')));
  const registration = { runId: 'r', model: testModel, limits: plenty } as const;
  const run = await client.register({ ...registration, allowed: ['stored-responses'] });
  const stored = { ...run, body: { ...waiting, input: [], store: true } };
  await kill(child);
  const { child: second } = await start();
  expect((await post(stored)).status).toBe(200);
  await kill(second);
  const state = join(dir, 'gw', 'state.json');
  const written = await readFile(state, 'utf8');
  await writeFile(state, written.replace(',"allowed":["stored-responses"]', ''));
  await start();
  expect((await post(stored)).status).toBe(403);
  expect((await post({ ...stored, body: { ...stored.body, store: false } })).status).toBe(200);
});

test('only the owner can read state and log, and they contain neither the key nor a token', async () => {
  await start();
  const gw = join(dir, 'gw');
  const client = modelGatewayClient(controlSocketPath(gw));
  const run = await client.register({ runId: 'r', model: testModel, limits: plenty });
  await post(run);
  const mode = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;
  expect(await mode(join(gw, 'state.json'))).toBe(0o600);
  expect(await mode(join(gw, 'requests.jsonl'))).toBe(0o600);
  expect(await mode(join(gw, 'control.sock'))).toBe(0o600);
  expect(await mode(run.socketPath)).toBe(0o666);
  const written =
    (await readFile(join(gw, 'state.json'), 'utf8')) + (await readFile(join(gw, 'requests.jsonl'), 'utf8'));
  expect(written).not.toContain(providerKey);
  expect(written).not.toContain(run.token);
  // Positive control: the run itself is in the files.
  expect(written).toContain('"runId":"r"');
  expect(parseLog(await readFile(join(gw, 'requests.jsonl'), 'utf8'))).toHaveLength(1);
});

test('a new token for the same run revokes the old one and keeps the counts', async () => {
  await start();
  const client = modelGatewayClient(controlSocketPath(join(dir, 'gw')));
  const old = await client.register({ runId: 'r', model: testModel, limits: plenty });
  await post(old);
  const fresh = await client.register({ runId: 'r', model: testModel, limits: plenty });
  expect((await post(old)).status).toBe(401);
  expect((await post(fresh)).status).toBe(200);
  expect((await client.usage('r')).requests).toBe(2);
  await expect(client.register({ runId: 'r', model: 'gpt-6-sol', limits: plenty })).rejects.toThrow(
    'registered for gpt-5.5',
  );
});

test('a second gateway on the same directory does not start and does not disturb the first', async () => {
  await start();
  const second = await start();
  expect(second.said).toContain('another model gateway is listening on');
  expect(second.child.exitCode).toBe(1);
  expect(await modelGatewayClient(controlSocketPath(join(dir, 'gw'))).health()).toEqual({ openRuns: 0 });
});

test('SIGTERM ends the gateway with exit code 0 and keeps its runs', async () => {
  const { child } = await start();
  const client = modelGatewayClient(controlSocketPath(join(dir, 'gw')), { patienceMs: 5_000 });
  const run = await client.register({ runId: 'r', model: testModel, limits: plenty });
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  await start();
  expect((await post(run)).status).toBe(200);
});

test.each([
  ['no key', { SIGNALBOX_MODEL_KEY_FILE: '/nonexistent/key' }, 'cannot read the model key'],
  ['two keys', { SIGNALBOX_MODEL_KEY: 'sk-secret-value' }, 'exactly one of'],
  ['plain http to another host', { SIGNALBOX_MODEL_BASE_URL: 'http://models.example/v1' }, 'must use https'],
  ['prices that are not a table', { SIGNALBOX_MODEL_PRICES: '{"x":1}' }, 'SIGNALBOX_MODEL_PRICES'],
])('invalid settings end the gateway with one line and exit code 2: %s', async (_name, env, words) => {
  const { child, said } = await start(env);
  expect(said).toContain(words);
  expect(said.trimEnd().split('\n')).toHaveLength(1);
  expect(said).not.toContain('sk-secret-value');
  expect(child.exitCode).toBe(2);
});

test('without a gateway the client fails as unreachable within its time limit', async () => {
  await expect(
    modelGatewayClient(join(dir, 'none.sock'), { patienceMs: 100 }).health(),
  ).rejects.toMatchObject({ code: 'unreachable' });
});
