/** The sockets of open runs: one server and one directory per run. They are opened, reopened after a kill, and removed. */
import http from 'node:http';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from './ledger.ts';
import type { ProxyParts } from './proxy-parts.ts';
import { proxyRequest } from './proxy.ts';
import { closeServer, listenOn } from './sockets.ts';

/** The socket's name in the run's directory; the box sees the whole directory. */
export const RUN_SOCKET_NAME = 'gw.sock';

const CONNECTIONS_MAX = 16;
const CHECK_EVERY_MS_MAX = 5_000;

export class RunSockets {
  readonly #parts: ProxyParts;
  readonly #dir: string;
  readonly #servers = new Map<string, http.Server>();
  readonly #answers = new Map<string, Set<http.ServerResponse>>();

  constructor(parts: ProxyParts) {
    this.#parts = parts;
    this.#dir = join(parts.config.dir, 'runs');
  }

  /** Reopens the sockets of open runs and removes directories that a kill left from closed runs. */
  async restore(): Promise<void> {
    mkdirSync(this.#dir, { recursive: true });
    chmodSync(this.#dir, 0o711);
    const open = this.#parts.ledger.openRuns();
    const places = new Set(open.map(run => run.place));
    for (const name of readdirSync(this.#dir)) if (!places.has(name)) removeRunDir(join(this.#dir, name));
    for (const run of open) await this.open(run);
  }

  /** Every user can enter a new directory until the runner restricts it to its box; an existing one is already restricted. */
  async open(run: Run): Promise<string> {
    const dir = join(this.#dir, run.place);
    const path = join(dir, RUN_SOCKET_NAME);
    if (this.#servers.has(run.runId)) return path;
    if (mkdirSync(dir, { recursive: true }) !== undefined) chmodSync(dir, 0o711);
    const server = this.#server(run);
    this.#servers.set(run.runId, server);
    await listenOn(server, path, 0o666);
    return path;
  }

  async close(run: Run): Promise<void> {
    const server = this.#servers.get(run.runId);
    this.#servers.delete(run.runId);
    const answers = [...(this.#answers.get(run.runId) ?? [])].map(response => once(response, 'close'));
    if (server !== undefined) await closeServer(server);
    // Each response settles its request when it closes.
    await Promise.all(answers);
    this.#answers.delete(run.runId);
    removeRunDir(join(this.#dir, run.place));
  }

  /** For the exit of the process: runs stay open in the ledger. */
  async stop(): Promise<void> {
    await Promise.all([...this.#servers.values()].map(closeServer));
    this.#servers.clear();
  }

  #server(run: Run): http.Server {
    const answers = new Set<http.ServerResponse>();
    this.#answers.set(run.runId, answers);
    const { headersTimeoutMs: headersTimeout, requestTimeoutMs: requestTimeout } = this.#parts.config.limits;
    const connectionsCheckingInterval = Math.min(headersTimeout, CHECK_EVERY_MS_MAX);
    const server = http.createServer(
      { headersTimeout, requestTimeout, connectionsCheckingInterval },
      (request, response) => {
        answers.add(response);
        response.once('close', () => answers.delete(response));
        // The sender aborted its body: no client is left to answer.
        proxyRequest(this.#parts, run, { request, response }).catch(() => response.destroy());
      },
    );
    server.maxConnections = CONNECTIONS_MAX;
    return server;
  }
}

/** It holds one socket. A directory that cannot be removed holds something that is not ours. */
function removeRunDir(dir: string): void {
  try {
    rmSync(join(dir, RUN_SOCKET_NAME), { force: true });
    rmdirSync(dir);
  } catch {
    // It stays.
  }
}
