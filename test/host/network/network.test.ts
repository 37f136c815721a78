/** A private authority and a proxy hold for GitHub's API, git, the model and probes alike: real TLS, a real proxy, real git. */
import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { probe } from '../../../src/activities/scheduler/probe.ts';
import { runGit } from '../../../src/git/run-git.ts';
import { createGitHub } from '../../../src/github/client.ts';
import { whoAmI } from '../../../src/github/repository.ts';
import { type Network, type NetworkSettings, openNetwork } from '../../../src/host/network/network.ts';
import { parseGatewayConfig } from '../../../src/model-gateway/config.ts';
import { upstream } from '../../../src/model-gateway/upstream.ts';
import { stageGitHub, type GitHubStage } from '../../support/github.ts';
import { connectProxy, type ConnectProxy } from '../../support/connect-proxy.ts';
import { privateAuthority, type PrivateAuthority, type TlsFront } from '../../support/private-authority.ts';

const PASSWORD = 'canary p@ss';
let stage: GitHubStage;
let authority: PrivateAuthority;
let gitHubFront: TlsFront;
let modelFront: TlsFront;
let model: Server;
let proxy: ConnectProxy;
beforeAll(async () => {
  stage = await stageGitHub();
  authority = privateAuthority();
  model = createServer((request, response) => {
    if (request.url === '/elsewhere') response.writeHead(302, { location: '/' }).end();
    else response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: {}\n\n');
  });
  await new Promise<void>(resolve => model.listen(0, '127.0.0.1', resolve));
  gitHubFront = await authority.serve(Number(new URL(stage.github.url).port));
  modelFront = await authority.serve((model.address() as AddressInfo).port);
  proxy = await connectProxy({ user: 'ann', password: PASSWORD });
});
afterAll(async () => {
  for (const one of [gitHubFront, modelFront, proxy, model]) one.close();
  authority.remove();
  await stage.end();
});

/** What each of them reports: `ok`, or one line. */
const USERS: Readonly<Record<string, (network: Network, host: string) => Promise<string>>> = {
  api: async ({ fetch }, host) => {
    const apiUrl = `https://${host}:${gitHubFront.port}/api/v3`;
    const credential = { kind: 'token', token: 'alice-token' } as const;
    const login = await whoAmI(createGitHub({ apiUrl, credential, userAgent: 'test', fetch }));
    return login === 'alice' ? 'ok' : login;
  },
  git: async (network, host) => {
    const url = `https://${host}:${gitHubFront.port}/acme/cards.git`;
    const remote = { url, token: () => Promise.resolve('alice-token'), access: network.gitAccess(url) };
    const { exitCode, stdout, stderr } = await runGit({
      ...{ gitDir: authority.dir, args: ['ls-remote', url, 'refs/heads/main'], remote },
    });
    return exitCode === 0 && stdout.includes('refs/heads/main') ? 'ok' : stderr;
  },
  model: async ({ agentFor }, host) => {
    const config = parseGatewayConfig({
      SIGNALBOX_MODEL_GATEWAY_DIR: authority.dir,
      SIGNALBOX_MODEL_BASE_URL: `https://${host}:${modelFront.port}/v1`,
      SIGNALBOX_MODEL_KEY: 'key',
    });
    const provider = upstream({ ...config, agentFor });
    const answer = await provider.send('{}', AbortSignal.timeout(10_000));
    if (answer.ok) answer.response.resume();
    provider.close();
    return answer.ok ? 'ok' : answer.refusal.message;
  },
  probe: async ({ fetch }, host) => {
    const { ok, found } = await probe(fetch, `https://${host}:${modelFront.port}/health`);
    return ok ? 'ok' : found;
  },
};
const names = Object.keys(USERS);

async function tried(name: string, settings: NetworkSettings, host = '0.0.0.0'): Promise<string> {
  const run = USERS[name];
  if (run === undefined) throw new Error(`no user ${name}`);
  return await run(openNetwork(settings, authority.dir), host).catch(
    (error: unknown) => (error as Error).message,
  );
}

describe.each(names)('%s', name => {
  test('trusts the private authority, and reaches the server directly', async () => {
    const before = proxy.tunnels.length;
    expect(await tried(name, { ca: authority.ca })).toBe('ok');
    expect(proxy.tunnels).toHaveLength(before);
  });

  test('without the authority fails in one line that names the setting', async () => {
    const found = await tried(name, {});
    expect(found).toMatch(name === 'git' ? /certificate/ : /NODE_EXTRA_CA_CERTS/);
    if (name !== 'git') expect(found).not.toMatch(/\n/);
  });

  test('goes through the proxy, which resolves the name', async () => {
    const before = proxy.tunnels.length;
    expect(await tried(name, { ca: authority.ca, httpsProxy: proxy.url }, 'served.test')).toBe('ok');
    expect(proxy.tunnels.length).toBeGreaterThan(before);
    expect(new Set(proxy.tunnels.slice(before).map(tunnel => tunnel.split(':')[0]))).toEqual(
      new Set(['served.test']),
    );
  });

  test('is excepted by NO_PROXY', async () => {
    const before = proxy.tunnels.length;
    const settings = { ca: authority.ca, httpsProxy: proxy.url, noProxy: '0.0.0.0' };
    expect(await tried(name, settings)).toBe('ok');
    expect(proxy.tunnels).toHaveLength(before);
    expect(await tried(name, { ...settings, noProxy: 'other.example' })).toBe('ok');
    expect(proxy.tunnels.length).toBeGreaterThan(before);
  });

  test('reports a proxy that refuses, without its password', async () => {
    const wrong = proxy.url.replace('ann:', 'bob:');
    const found = await tried(name, { ca: authority.ca, httpsProxy: wrong }, 'served.test');
    expect(found).toMatch(/407/);
    expect(found).not.toMatch(/canary|p%40ss|p@ss/);
    const closed = { ca: authority.ca, httpsProxy: 'http://ann:canary@127.0.0.1:1' };
    const unreachable = await tried(name, closed, 'served.test');
    expect(unreachable).not.toBe('ok');
    expect(unreachable).not.toMatch(/canary/);
  });
});

test.each(['api', 'model', 'probe'])(
  '%s goes through a proxy with TLS, whose own name is checked',
  async name => {
    const front = await authority.serve(Number(new URL(proxy.url).port));
    const url = new URL(proxy.url);
    const httpsProxy = `https://ann:${url.password}@127.0.0.1:${front.port}`;
    expect(await tried(name, { ca: authority.ca, httpsProxy }, 'served.test')).toBe('ok');
    const otherName = httpsProxy.replace('127.0.0.1', 'localhost');
    expect(await tried(name, { ca: authority.ca, httpsProxy: otherName }, 'served.test')).not.toBe('ok');
    front.close();
  },
);

test.each(['api', 'model', 'probe'])('%s tries a proxy that hangs up once', async name => {
  let connected = 0;
  const rude = createTcpServer(socket => {
    connected += 1;
    socket.destroy();
  });
  await new Promise<void>(resolve => rude.listen(0, '127.0.0.1', resolve));
  const { port } = rude.address() as AddressInfo;
  const found = await tried(
    name,
    { ca: authority.ca, httpsProxy: `http://127.0.0.1:${port}` },
    'served.test',
  );
  rude.close();
  expect(found).toMatch(/the proxy http:\/\/127\.0\.0\.1:\d+ cannot be reached \(ECONNRESET\).*HTTPS_PROXY/);
  expect(connected).toBe(1);
});

test('a probe follows no redirect, neither directly nor through the proxy', async () => {
  for (const settings of [{ ca: authority.ca }, { ca: authority.ca, httpsProxy: proxy.url }]) {
    const { fetch } = openNetwork(settings, authority.dir);
    expect(await probe(fetch, `${modelFront.url}/elsewhere`)).toMatchObject({ ok: false });
    expect(await probe(fetch, `${modelFront.url}/there`)).toMatchObject({ ok: true });
  }
});

test('the private authority counts besides the public ones, also for git', async () => {
  const { gitAccess, route } = openNetwork({ ca: authority.ca, httpsProxy: proxy.url }, authority.dir);
  const { caFile = '', proxy: used } = gitAccess('https://github.com/acme/cards.git');
  const { readFile } = await import('node:fs/promises');
  const bundle = await readFile(caFile, 'utf8');
  expect(bundle).toContain(authority.ca.trim());
  expect(bundle.match(/BEGIN CERTIFICATE/g)?.length).toBeGreaterThan(50);
  expect(used).toBe(proxy.url);
  expect(route('https://github.com')).toMatch(/^through the proxy http:\/\/127\.0\.0\.1:\d+$/);
});

test('a password of the proxy is in no argument of git', async () => {
  const access = { proxy: proxy.url };
  const url = 'https://served.test/acme/cards.git';
  const { gitEnvironment } = await import('../../../src/git/git-environment.ts');
  const environment = gitEnvironment({ access });
  expect(environment['HTTPS_PROXY']).toBe(proxy.url);
  expect(
    Object.entries(environment).filter(
      ([key, value]) => key.startsWith('GIT_CONFIG') && value.includes('canary'),
    ),
  ).toEqual([]);
  const found = await runGit({ gitDir: authority.dir, args: ['ls-remote', url], remote: { url, access } });
  expect(found.exitCode).not.toBe(0);
});
