/** A gateway in front of a scripted provider, both on this machine, and the plain client that a box would use. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelGatewayClient, type ModelGatewayClient } from '../../../src/model-gateway/client.ts';
import {
  parseGatewayConfig,
  type GatewayConfig,
  type GatewayLimits,
} from '../../../src/model-gateway/config.ts';
import { startModelGateway, type ModelGateway } from '../../../src/model-gateway/server.ts';
import type { RequestRecord } from '../../../src/model-gateway/log.ts';
import type { ModelLimits } from '../../../src/model-gateway/types.ts';
import type { Script, ScriptChoice } from '../../../simulator/model/script.ts';
import { startModel, type ScriptedModel } from '../../../simulator/model/server.ts';

export const providerKey = 'sk-real-provider-key-0123456789';
export const testModel = 'gpt-5.5';
export const plenty: ModelLimits = { tokensMax: 1_000_000, costUsdMax: null, requestsMax: 100 };

export interface Stage {
  readonly dir: string;
  readonly model: ScriptedModel;
  readonly gateway: ModelGateway;
  readonly client: ModelGatewayClient;
  readonly config: GatewayConfig;
  log(): Promise<readonly RequestRecord[]>;
  close(): Promise<void>;
}

export interface StageOptions {
  readonly script: ScriptChoice;
  readonly limits?: Partial<GatewayLimits>;
  readonly env?: Readonly<Record<string, string>>;
}

export async function openStage({ script, limits, env }: StageOptions): Promise<Stage> {
  const dir = await mkdtemp(join(tmpdir(), 'gw-'));
  const model = await startModel({ script, key: providerKey });
  const parsed = parseGatewayConfig({
    SIGNALBOX_MODEL_GATEWAY_DIR: join(dir, 'gw'),
    SIGNALBOX_MODEL_BASE_URL: model.url,
    SIGNALBOX_MODEL_KEY: providerKey,
    ...env,
  });
  const config = { ...parsed, limits: { ...parsed.limits, ...limits } };
  const gateway = await startModelGateway(config);
  return {
    dir,
    model,
    gateway,
    config,
    client: modelGatewayClient(gateway.controlSocketPath),
    log: async () => parseLog(await readFile(gateway.requestLogPath, 'utf8')),
    close: async () => {
      await gateway.close();
      await model.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

export function parseLog(text: string): readonly RequestRecord[] {
  return text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as RequestRecord);
}

/** A small body in the format of the real agent. */
export function goodBody(change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    model: testModel,
    stream: true,
    store: false,
    input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Attempt: 1' }] }],
    tools: [
      {
        type: 'function',
        name: 'exec_command',
        description: 'runs',
        strict: false,
        parameters: { type: 'object' },
      },
      {
        type: 'custom',
        name: 'apply_patch',
        description: 'edits',
        format: { type: 'grammar', syntax: 'lark', definition: 'start: "x"' },
      },
    ],
    tool_choice: 'auto',
    parallel_tool_calls: true,
    reasoning: { effort: 'medium' },
    include: ['reasoning.encrypted_content'],
    prompt_cache_key: 'k',
    text: {
      verbosity: 'low',
      format: { type: 'json_schema', strict: true, name: 'codex_output_schema', schema: { type: 'object' } },
    },
    client_metadata: { turn_id: 't', remote: 'https://example.invalid/private.git' },
    ...change,
  };
}

/** Registers one run and returns a function that sends its request. */
export async function oneRun(
  stage: Stage,
  limits: Partial<ModelLimits> = {},
): Promise<() => Promise<Answer>> {
  const run = await stage.client.register({ runId: 'r', model: testModel, limits: { ...plenty, ...limits } });
  return () => post(run);
}

/** A script for an answer with these token counts. */
export function counted(inputTokens: number, outputTokens: number): Script {
  return { name: 'counted', turns: [{ kind: 'message', text: 'x', usage: { inputTokens, outputTokens } }] };
}

export interface Post {
  readonly socketPath: string;
  readonly token?: string;
  readonly body?: unknown;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Called for every chunk of the answer. */
  readonly onData?: (text: string) => void;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** The connection broke before the end. */
  readonly broken: boolean;
}

export function post({
  socketPath,
  token,
  body,
  method = 'POST',
  path = '/v1/responses',
  headers = {},
  onData,
}: Post): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body ?? goodBody());
    const auth: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const request = http.request(
      {
        socketPath,
        method,
        path,
        agent: false,
        headers: {
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(text)),
          ...auth,
          ...headers,
        },
      },
      response => {
        let answered = '';
        const done = (broken: boolean): void =>
          resolve({ status: response.statusCode ?? 0, text: answered, broken });
        response.setEncoding('utf8');
        response.on('data', (piece: string) => {
          answered += piece;
          onData?.(piece);
        });
        response.once('end', () => done(false));
        response.once('error', () => done(true));
      },
    );
    request.once('error', reject);
    request.end(text);
  });
}
