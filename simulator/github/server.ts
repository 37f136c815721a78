/** Starts the simulated GitHub, by default on the loopback: REST under a base path as on GitHub Enterprise Server, and git over HTTP. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import { mkdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createAdmin, type GitHubAdmin } from './admin/admin.ts';
import { createFaults } from './control/faults.ts';
import { createHolds } from './control/holds.ts';
import { createRateLimit } from './control/rate.ts';
import { createRequestLog, type RequestLog } from './control/requests.ts';
import type { WebhookTarget } from './control/courier.ts';
import { createWebhooks, type Webhooks } from './control/webhooks.ts';
import { installHooks } from './git/smart-http.ts';
import { handleRequest, type Exchange, type PipelineContext } from './http/pipeline.ts';
import type { Permissions } from './model.ts';
import { renderMinimalRepository, renderRepository } from './render/repository.ts';
import { restRoutes } from './rest/routes.ts';
import { accountOf, createWorld, type AppConfig, type World } from './world.ts';

export interface GitHubUser {
  readonly login: string;
  readonly type?: 'User' | 'Bot';
  readonly token?: string;
  /** Makes the token a fine-grained one. */
  readonly permissions?: Permissions;
}

export interface GitHubOptions {
  /** Holds bare repositories and hooks; the caller removes it. */
  readonly dataDir: string;
  /** 0, the default: any free port. */
  readonly port?: number;
  /** Default: loopback. */
  readonly host?: string;
  /** The origin in its answers, where clients reach it under another name. No trailing slash. */
  readonly publicUrl?: string;
  readonly seed?: number;
  /** The base path of REST; default: that of GitHub Enterprise Server. */
  readonly basePath?: string;
  readonly users?: readonly GitHubUser[];
  readonly webhook?: WebhookTarget;
  readonly app?: AppConfig;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

export interface GitHubSimulator {
  /** For octokit's `baseUrl`. */
  readonly apiUrl: string;
  /** The web and git origin, no trailing slash. */
  readonly url: string;
  readonly port: number;
  readonly admin: GitHubAdmin;
  readonly requests: RequestLog;
  /** Called after each executed REST exchange; returns a function that unsubscribes. */
  readonly onExchange: (observer: (exchange: Exchange) => void) => () => void;
  readonly close: () => Promise<void>;
}

const LOOPBACK = '127.0.0.1';

export async function startGitHub(options: GitHubOptions): Promise<GitHubSimulator> {
  const { seed = 1, now = Date.now, basePath = '/api/v3' } = options;
  await mkdir(options.dataDir, { recursive: true });
  const world = createWorld({ dataDir: options.dataDir, seed, now, app: options.app });
  addUsers(world, options.users ?? []);
  const [faults, holds, log] = [createFaults(), createHolds(), createRequestLog()];
  const rate = createRateLimit(now);
  const webhooks = createWebhooks(world.random, now);
  if (options.webhook !== undefined) webhooks.configure(options.webhook);
  connectWebhooks(world, webhooks);
  const observers: PipelineContext['observers'] = new Set();
  const context: PipelineContext = {
    world,
    rate,
    faults,
    holds,
    log,
    observers,
    basePath,
    inTurn: createTurns(),
    hooksDir: await installHooks(options.dataDir),
    routes: restRoutes(),
    remembered: new Map(),
  };
  const running = new Set<Promise<void>>();
  const server = createServer((request, response) => {
    const work = handleRequest(context, request, response).catch((error: unknown) => fail(response, error));
    running.add(work);
    void work.finally(() => running.delete(work));
  });
  const { host = LOOPBACK } = options;
  const port = await listen(server, { host, port: options.port ?? 0 });
  world.url = options.publicUrl ?? `http://${host}:${port}`;
  world.apiUrl = world.url + basePath;
  return {
    apiUrl: world.apiUrl,
    url: world.url,
    port,
    admin: createAdmin({ world, faults, holds, webhooks, rate }),
    requests: log,
    onExchange: observer => {
      observers.add(observer);
      return () => void observers.delete(observer);
    },
    close: async () => {
      holds.releaseAll();
      await close(server);
      await Promise.allSettled(running); // leave no git child running
      await webhooks.close();
    },
  };
}

function addUsers(world: World, users: readonly GitHubUser[]): void {
  for (const { login, type = 'User', token, permissions } of users) {
    const account = accountOf(world, login, type);
    if (token !== undefined)
      world.tokens.set(token, permissions === undefined ? { account } : { account, permissions });
  }
}

function connectWebhooks(world: World, webhooks: Webhooks): void {
  world.emit = (event, repository, payload) => {
    const installation = world.app === undefined ? {} : { installation: { id: world.app.installationId } };
    const full = { ...renderMinimalRepository(world, repository), ...renderRepository(world, repository) };
    webhooks.emit(event, { ...payload, repository: full, ...installation });
  };
}

/** Runs one task at a time for each key, in call order. */
function createTurns(): PipelineContext['inTurn'] {
  const last = new Map<number, Promise<unknown>>();
  return <T>(key: number, work: () => Promise<T>): Promise<T> => {
    const turn = (last.get(key) ?? Promise.resolve()).then(work, work);
    last.set(key, turn);
    return turn;
  };
}

const listen = (server: Server, at: { readonly host: string; readonly port: number }): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, () => resolve((server.address() as AddressInfo).port));
  });

/** A bug of the simulator. The reply carries its text, so that the test fails with a reason. */
function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.socket?.destroyed === true) return;
  response.writeHead(500, { 'content-type': 'application/json; charset=utf-8' });
  const message = `simulator defect: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  response.end(JSON.stringify({ message, documentation_url: '', status: '500' }));
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>(resolve => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
