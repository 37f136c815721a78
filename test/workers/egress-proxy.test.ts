/** The egress proxy as a process: its list is empty by default, its log names each connection, bad settings end it. */
import { expect, test } from '@jest/globals';
import { createServer } from 'node:http';
import { processSettings } from '../../src/config/environment.ts';
import { SettingsError } from '../../src/config/settings-error.ts';
import { addressText, listenAt } from '../../src/host/listening.ts';
import { runEgressProxy } from '../../src/workers/egress-proxy.ts';
import { wayOut } from '../../src/workers/way-out.ts';
import { freePort } from '../support/free-port.ts';
import { until } from '../support/until.ts';

/** What a runner with this proxy gets for the target, once the proxy listens. */
async function reached(proxyPort: number, port: number): Promise<string> {
  const runner = { SIGNALBOX_SETUP_PROXY: `http://127.0.0.1:${proxyPort}` };
  return await until('the proxy answers', async () => {
    const found = await wayOut(processSettings(runner))({ host: '127.0.0.1', port });
    if ('socket' in found) {
      found.socket.destroy();
      return 'reached';
    }
    return found.refused.includes('cannot be reached') ? undefined : found.refused;
  });
}

test('a runner reaches what is named, and nothing by default', async () => {
  const server = createServer((_request, response) => void response.end('hello'));
  const port = Number(new URL(await listenAt(server, { host: '127.0.0.1', port: 0 })).port);
  const target = addressText({ host: '127.0.0.1', port });
  try {
    const cases = [
      [{ SIGNALBOX_EGRESS_HOSTS: target, SIGNALBOX_SETUP_PRIVATE_HOSTS: target }, 'reached'],
      [{ SIGNALBOX_EGRESS_HOSTS: target }, 'resolves to a private address'],
      [{ SIGNALBOX_SETUP_PRIVATE_HOSTS: target }, 'is not named by SIGNALBOX_EGRESS_HOSTS'],
    ] as const;
    for (const [more, outcome] of cases) {
      const stop = new AbortController();
      const proxyPort = await freePort();
      const address = `127.0.0.1:${proxyPort}`;
      const settings = { SIGNALBOX_LOG_LEVEL: 'silent', SIGNALBOX_EGRESS_LISTEN: address, ...more };
      const ended = runEgressProxy(settings, stop.signal);
      expect(await reached(proxyPort, port)).toContain(outcome);
      stop.abort();
      expect(await ended).toBe(0);
    }
  } finally {
    server.close();
  }
});

test.each([
  ['no address', {}, /SIGNALBOX_EGRESS_LISTEN is not set\. Fix: /],
  [
    'a host with a scheme',
    { SIGNALBOX_EGRESS_HOSTS: 'https://a.test' },
    /SIGNALBOX_EGRESS_HOSTS: “https:.* Fix: /,
  ],
  [
    'a private host that is none',
    { SIGNALBOX_SETUP_PRIVATE_HOSTS: '*' },
    /SIGNALBOX_SETUP_PRIVATE_HOSTS: “\*”/,
  ],
])('%s', async (name, more, problem) => {
  const listen = name === 'no address' ? {} : { SIGNALBOX_EGRESS_LISTEN: '127.0.0.1:1' };
  const ended = runEgressProxy({ ...listen, ...more }, AbortSignal.abort());
  await expect(ended).rejects.toThrow(SettingsError);
  await expect(ended).rejects.toThrow(problem);
});
