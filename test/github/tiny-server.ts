/** A loopback HTTP server per test. It responds or misbehaves as the test says, and records the requests. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGitHub } from '../../src/github/client.ts';
import type { GitHub, GitHubOptions } from '../../src/github/client.ts';

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface TinyServer {
  readonly url: string;
  readonly asked: Asked[];
  readonly github: GitHub;
  connect(options: Partial<GitHubOptions>): GitHub;
}

export type Respond = (asked: Asked, response: ServerResponse, url: string) => void;

export const token = 'ghp_0123456789abcdefghijABCDEFGHIJ456789';

export async function withServer(
  respond: Respond,
  use: (server: TinyServer) => Promise<void>,
): Promise<void> {
  const asked: Asked[] = [];
  let url = '';
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const now = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
      asked.push(now);
      respond(now, response, url);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connect = (options: Partial<GitHubOptions>) =>
    createGitHub({ apiUrl: url, credential: { kind: 'token', token }, userAgent: 'test', ...options });
  try {
    await use({ url, asked, connect, github: connect({}) });
  } finally {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  }
}

export function json(
  response: ServerResponse,
  status: number,
  ...rest: [unknown, Record<string, string>?]
): void {
  const [data, headers = {}] = rest;
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(data));
}
