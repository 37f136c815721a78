/** A scripted model provider, by default on loopback: the Responses API as far as the real agent uses it. It requires a key. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { event, messageItem, turnEvents } from './answers.ts';
import {
  nextTurn,
  readConversation,
  type Conversation,
  type SayingTurn,
  type ScriptChoice,
  type Turn,
} from './script.ts';

export interface ModelOptions {
  readonly script: ScriptChoice;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Default: loopback. */
  readonly host?: string;
  /** The only accepted key. */
  readonly key: string;
}

/** What the provider saw: tests use it to check what left the host. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** As sent; a parsed body would hide duplicate names. */
  readonly bodyText: string;
  readonly body: unknown;
  readonly conversation: Conversation;
  readonly turn: Turn['kind'] | 'unauthorised' | 'not-found';
}

export interface ScriptedModel {
  /** Base URL, as an OpenAI-compatible client wants it: http://127.0.0.1:PORT/v1 */
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  /** Opens the gate for all current and later turns. */
  openGate(name: string): void;
  /** Resolves when a turn waits at this gate. */
  waiting(name: string): Promise<void>;
  close(): Promise<void>;
}

/** Older requests are forgotten. */
const REQUESTS_KEPT = 1_000;
const BODY_BYTES_MAX = 16 * 1024 * 1024;
const ENDLESS_PAUSE_MS = 5;
const LOOPBACK = '127.0.0.1';

export async function startModel(options: ModelOptions): Promise<ScriptedModel> {
  const requests: SeenRequest[] = [];
  const gates = new Gates();
  const server = http.createServer((request, response) => {
    serve({ options, requests, gates, request, response }).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? LOOPBACK, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    openGate: name => gates.open(name),
    waiting: name => gates.waiting(name),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Serving {
  readonly options: ModelOptions;
  readonly requests: SeenRequest[];
  readonly gates: Gates;
  readonly request: http.IncomingMessage;
  readonly response: http.ServerResponse;
}

async function serve({ options, requests, gates, request, response }: Serving): Promise<void> {
  const bodyText = await readText(request);
  const body = jsonOf(bodyText);
  const conversation = readConversation(body);
  const see = (turn: SeenRequest['turn']): void => {
    requests.push({
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      bodyText,
      body,
      conversation,
      turn,
    });
    if (requests.length > REQUESTS_KEPT) requests.shift();
  };
  if (request.method !== 'POST' || request.url !== '/v1/responses') {
    see('not-found');
    refuse(response, 404, { message: 'not found' });
    return;
  }
  if (request.headers.authorization !== `Bearer ${options.key}`) {
    see('unauthorised');
    refuse(response, 401, { message: 'Incorrect API key provided', code: 'invalid_api_key' });
    return;
  }
  const script = typeof options.script === 'function' ? options.script(conversation) : options.script;
  const turn = nextTurn(script, conversation);
  see(turn.kind);
  if (turn.gate !== undefined) await gates.pass(turn.gate);
  play(response, turn, conversation.callsDone + 1);
}

function play(response: http.ServerResponse, turn: Turn, call: number): void {
  if (turn.kind === 'exec' || turn.kind === 'patch' || turn.kind === 'message') {
    start(response);
    response.end(turnEvents(turn, call));
  } else misbehave(response, turn);
}

function misbehave(response: http.ServerResponse, turn: Exclude<Turn, SayingTurn>): void {
  switch (turn.kind) {
    case 'no-headers':
      return;
    case 'reset':
      response.destroy();
      return;
    case 'status':
      if (turn.retryAfterSeconds !== undefined)
        response.setHeader('retry-after', String(turn.retryAfterSeconds));
      refuse(response, turn.status, turn.error);
      return;
    case 'silence':
      start(response);
      return;
    case 'cut':
      start(response);
      response.write(event({ type: 'response.output_text.delta', delta: 'half an ans' }), () =>
        response.destroy(),
      );
      return;
    case 'endless':
      endless(response);
      return;
    case 'events':
      start(response);
      response.end(turn.events.map(event).join(''));
      return;
    case 'failed':
      start(response);
      response.end(
        event({
          type: 'response.failed',
          response: { id: 'resp_failed', status: 'failed', error: turn.error },
        }),
      );
  }
}

function start(response: http.ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': 'req_scripted' });
  response.flushHeaders();
}

/** Sends deltas as a real provider does; the agent reads only the finished items. */
function endless(response: http.ServerResponse): void {
  start(response);
  const more = setInterval(() => {
    response.write(event({ type: 'response.output_text.delta', delta: 'and on '.repeat(100) }));
    response.write(event({ type: 'response.output_item.done', item: messageItem('and on '.repeat(100)) }));
  }, ENDLESS_PAUSE_MS);
  response.once('close', () => clearInterval(more));
}

function refuse(
  response: http.ServerResponse,
  status: number,
  error: { readonly message: string; readonly code?: string },
): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error }));
}

async function readText(request: http.IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request as AsyncIterable<Buffer>) {
    text += chunk.toString('utf8');
    if (text.length > BODY_BYTES_MAX) return '';
  }
  return text;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

/** Gates where a turn waits for the test or the demo. */
class Gates {
  readonly #gates = new Map<string, Gate>();

  open(name: string): void {
    this.#gate(name).open();
  }

  waiting(name: string): Promise<void> {
    return this.#gate(name).reached;
  }

  async pass(name: string): Promise<void> {
    const gate = this.#gate(name);
    gate.reach();
    await gate.opened;
  }

  #gate(name: string): Gate {
    const gate = this.#gates.get(name) ?? newGate();
    this.#gates.set(name, gate);
    return gate;
  }
}

interface Gate {
  readonly reached: Promise<void>;
  readonly opened: Promise<void>;
  readonly reach: () => void;
  readonly open: () => void;
}

function newGate(): Gate {
  let reach = (): void => undefined;
  let open = (): void => undefined;
  const reached = new Promise<void>(resolve => (reach = resolve));
  const opened = new Promise<void>(resolve => (open = resolve));
  return { reached, opened, reach: () => reach(), open: () => open() };
}
