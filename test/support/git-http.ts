/** A loopback git server over real `git http-backend`: basic auth by token, and faults on request. */
import { spawn } from 'node:child_process';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';

export type GitFault = 'reset-before' | 'execute-then-reset' | 'execute-then-500' | 'html-200' | 'redirect';

export interface GitHttp {
  readonly url: (repository: string) => string;
  /** `Authorization` headers that arrived, decoded, newest last. */
  readonly credentials: string[];
  /** Applied to the next request whose path ends in `tail`. */
  readonly failNext: (tail: string, fault: GitFault) => void;
  /** Holds the next request whose path ends in `tail` until the returned function is called. */
  readonly holdNext: (tail: string) => { readonly arrived: Promise<void>; readonly release: () => void };
  readonly close: () => Promise<void>;
}

interface BackendUrl {
  readonly pathname: string;
  readonly query: string;
}

interface Plan {
  readonly tail: string;
  readonly fault?: GitFault;
  readonly gate?: Promise<void>;
  readonly arrived?: () => void;
}

export async function startGitHttp(root: string, token: string): Promise<GitHttp> {
  const plans: Plan[] = [];
  const credentials: string[] = [];
  const server = createServer((request, response) => {
    void serve({ root, token, plans, credentials, request, response });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: repository => `http://127.0.0.1:${port}/${repository}.git`,
    credentials,
    failNext: (tail, fault) => void plans.push({ tail, fault }),
    holdNext: tail => hold(plans, tail),
    close: () => close(server),
  };
}

interface Exchange {
  readonly root: string;
  readonly token: string;
  readonly plans: Plan[];
  readonly credentials: string[];
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function serve(exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  const { pathname, search } = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (!isAuthorised(exchange)) {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
    return;
  }
  const plan = takePlan(exchange.plans, pathname);
  plan?.arrived?.();
  await plan?.gate;
  if (response.destroyed) return; // the client disconnected while the request was held
  await answerAs(plan?.fault, exchange, { pathname, query: search.slice(1) });
}

async function answerAs(fault: GitFault | undefined, exchange: Exchange, url: BackendUrl): Promise<void> {
  if (fault !== undefined && fault in instead) {
    instead[fault as keyof typeof instead](exchange);
    return;
  }
  const { request, response } = exchange;
  const answer = await runBackend(exchange, url);
  if (fault === 'execute-then-reset') request.socket.destroy();
  else if (fault === 'execute-then-500') response.writeHead(500).end();
  else send(response, answer);
}

/** Faults that answer without running git. */
const instead = {
  'reset-before': ({ request }: Exchange) => void request.socket.destroy(),
  'html-200': ({ response }: Exchange) =>
    void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
  redirect: ({ response }: Exchange) =>
    void response.writeHead(302, { location: 'http://localhost:9/x' }).end(),
};

function isAuthorised({ request, credentials, token }: Exchange): boolean {
  const given = request.headers.authorization?.replace(/^Basic /, '');
  if (given === undefined) return false;
  const credential = Buffer.from(given, 'base64').toString('utf8');
  credentials.push(credential);
  return credential === `x-access-token:${token}`;
}

function takePlan(plans: Plan[], pathname: string): Plan | undefined {
  const index = plans.findIndex(plan => pathname.endsWith(plan.tail));
  return index === -1 ? undefined : plans.splice(index, 1)[0];
}

function runBackend({ root, request }: Exchange, url: BackendUrl): Promise<Buffer> {
  const headers = request.headers;
  const cgi = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env['PATH'],
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: url.pathname,
      QUERY_STRING: url.query,
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: headers['content-type'] ?? '',
      REMOTE_USER: 'tester',
      HTTP_CONTENT_ENCODING: headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(headers['git-protocol'] ?? ''),
      ...(headers['content-length'] === undefined ? {} : { CONTENT_LENGTH: headers['content-length'] }),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  // A backend that answers early closes its input; when the client disconnects, end the backend.
  pipeline(request, cgi.stdin, () => cgi.stdin.destroy());
  const parts: Buffer[] = [];
  cgi.stdout.on('data', (part: Buffer) => parts.push(part));
  return new Promise(resolve => cgi.on('close', () => resolve(Buffer.concat(parts))));
}

function send(response: ServerResponse, answer: Buffer): void {
  const end = answer.indexOf('\r\n\r\n');
  const headers = answer
    .toString('latin1', 0, end)
    .split('\r\n')
    .map(line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)] as const);
  const status = headers.find(([name]) => name === 'Status')?.[1] ?? '200';
  response.writeHead(
    Number.parseInt(status, 10),
    Object.fromEntries(headers.filter(([name]) => name !== 'Status')),
  );
  response.end(answer.subarray(end + 4));
}

function hold(plans: Plan[], tail: string): { arrived: Promise<void>; release: () => void } {
  const gate = deferred();
  const arrival = deferred();
  const plan: Plan = { tail, gate: gate.promise, arrived: arrival.resolve };
  plans.push(plan);
  const release = (): void => {
    gate.resolve();
    if (plans.includes(plan)) plans.splice(plans.indexOf(plan), 1); // no request came; do not affect a later one
  };
  return { arrived: arrival.promise, release };
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>(done => {
    resolve = done;
  });
  return { promise, resolve: () => resolve() };
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise(resolve => server.close(() => resolve()));
}
