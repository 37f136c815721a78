/** Connecting with TLS, certificates, keys and profiles: it works, or one line says what to do, with its exit code. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttp2 } from 'node:http2';
import { type AddressInfo, connect, createServer as createTcp, type Server, type Socket } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cli, expectOneLine, type Ran } from '../cli/support/cli.ts';
import { runTemporalWorker } from '../../../src/workers/temporal-worker.ts';
import { until } from '../../support/until.ts';
import { openStage, type Stage } from './stage.ts';
import { type Certificates, makeCertificates, type Pair } from './support/certificates.ts';

type Values = Readonly<Record<string, string>>;

const without = ((): string | undefined => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'openssl is not installed';
  }
})();
const suite = without === undefined ? describe : describe.skip;

suite(without ?? 'connecting', () => {
  let stage: Stage;
  let made: Certificates;
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  let [plain, mutual, old] = ['', '', ''];
  beforeAll(async () => {
    made = makeCertificates();
    stage = await openStage();
    plain = stage.server.address;
    mutual = await terminate(made.server);
    old = await terminate(made.expired);
  }, 140_000);
  afterAll(async () => {
    for (const server of servers) server.close();
    for (const socket of sockets) socket.destroy();
    await stage.end();
    made.folder.remove();
  });

  async function listen(server: Server): Promise<string> {
    servers.push(server);
    server.on('connection', socket => sockets.add(socket));
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Takes TLS in front of the real server, and demands a client certificate of the known authority. */
  function terminate({ cert, key }: Pair): Promise<string> {
    const [host = '', port = ''] = plain.split(':');
    const options = {
      ...{ cert: readFileSync(cert), key: readFileSync(key), ca: readFileSync(made.authority.cert) },
      ...{ requestCert: true, rejectUnauthorized: true, ALPNProtocols: ['h2'] },
    };
    const server = createTls(options, near => {
      const far = connect(Number(port), host);
      for (const socket of [near, far]) socket.on('error', () => [near, far].forEach(one => one.destroy()));
      near.pipe(far).pipe(near);
    });
    return listen(server);
  }

  /** A server that only knows one key; what it does not know it does not implement. */
  function keyServer(): Promise<string> {
    const server = createHttp2();
    server.on('stream', (stream, headers) => {
      const status = headers['authorization'] === 'Bearer good' ? '12' : '16';
      stream.respond(
        {
          ':status': 200,
          'content-type': 'application/grpc',
          'grpc-status': status,
          'grpc-message': 'invalid key',
        },
        { endStream: true },
      );
    });
    return listen(server);
  }

  const ask = (values: Values): Promise<Ran> =>
    cli(['list'], { environment: { TEMPORAL_CONFIG_FILE: '/nonexistent.toml', ...values } });
  const files = (pair: Pair = made.client): Values => ({
    TEMPORAL_ADDRESS: mutual,
    TEMPORAL_TLS_SERVER_NAME: 'temporal.test',
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: made.authority.cert,
    TEMPORAL_TLS_CLIENT_CERT_PATH: pair.cert,
    TEMPORAL_TLS_CLIENT_KEY_PATH: pair.key,
  });
  const less = (...names: string[]): Values =>
    Object.fromEntries(Object.entries(files()).filter(([name]) => !names.includes(name)));
  const PAIR = ['TEMPORAL_TLS_CLIENT_CERT_PATH', 'TEMPORAL_TLS_CLIENT_KEY_PATH'];

  test('with files, with inline data and with a profile it works', async () => {
    expect(await ask(files())).toMatchObject({ code: 0 });
    const inline = {
      ...less(...PAIR, 'TEMPORAL_TLS_SERVER_CA_CERT_PATH'),
      TEMPORAL_TLS_SERVER_CA_CERT_DATA: readFileSync(made.authority.cert, 'utf8'),
      TEMPORAL_TLS_CLIENT_CERT_DATA: readFileSync(made.client.cert, 'utf8'),
      TEMPORAL_TLS_CLIENT_KEY_DATA: readFileSync(made.client.key, 'utf8'),
    };
    expect(await ask(inline)).toMatchObject({ code: 0 });
    const profile = made.folder.file('temporal.toml');
    const tls = `server_name = "temporal.test"\nserver_ca_cert_path = "${made.authority.cert}"\nclient_cert_path = "${made.client.cert}"\nclient_key_path = "${made.client.key}"\n`;
    writeFileSync(profile, `[profile.team]\naddress = "${mutual}"\n[profile.team.tls]\n${tls}`);
    const named = { TEMPORAL_CONFIG_FILE: profile, TEMPORAL_PROFILE: 'team' };
    expect(await ask(named)).toMatchObject({ code: 0 });
    const unknown = await ask({ ...named, TEMPORAL_PROFILE: 'other' });
    expect(unknown.code).toBe(2);
    expectOneLine(unknown, /configuration file has no profile other\. Fix: correct TEMPORAL_PROFILE/);
  }, 60_000);

  const notPem = (): string => {
    writeFileSync(made.folder.file('text'), 'no certificate');
    return made.folder.file('text');
  };
  const SETTINGS: readonly (readonly [string, () => Values, RegExp])[] = [
    [
      'a missing file',
      () => ({ ...files(), TEMPORAL_TLS_CLIENT_KEY_PATH: '/nowhere.key' }),
      /cannot read \/nowhere\.key, which TEMPORAL_TLS_CLIENT_KEY_PATH names \(ENOENT\)\. Fix: /,
    ],
    [
      'a file that is no certificate',
      () => ({ ...files(), TEMPORAL_TLS_CLIENT_CERT_PATH: notPem() }),
      /TEMPORAL_TLS_CLIENT_CERT_PATH, or its profile, does not name a certificate in PEM form\. Fix: /,
    ],
    [
      'a certificate without a key',
      () => less('TEMPORAL_TLS_CLIENT_KEY_PATH'),
      /client certificate is set alone\. Fix: set TEMPORAL_TLS_CLIENT_KEY_PATH too/,
    ],
    [
      'a key of another pair',
      () => ({ ...files(), TEMPORAL_TLS_CLIENT_KEY_PATH: made.stranger.key }),
      /do not belong together\. Fix: /,
    ],
    [
      'an expired client certificate',
      () => files(made.expired),
      /client certificate has expired \(.*\)\. Fix: renew it/,
    ],
    [
      'a wrong boolean',
      () => ({ ...files(), TEMPORAL_TLS: 'maybe' }),
      /cannot use the setting TEMPORAL_TLS\. Fix: /,
    ],
    [
      'a check that is switched off',
      () => ({ ...files(), TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: 'true' }),
      /TEMPORAL_TLS_DISABLE_HOST_VERIFICATION is not supported/,
    ],
  ];
  test.each(SETTINGS)('%s is an invalid setting, exit code 2', async (_what, values, says) => {
    const ran = await ask(values());
    expect(ran.code).toBe(2);
    expectOneLine(ran, says);
  });

  const REFUSED: readonly (readonly [string, () => Values, RegExp])[] = [
    [
      'an authority that is not known',
      () => less('TEMPORAL_TLS_SERVER_CA_CERT_PATH'),
      /from an authority that is not trusted here\. Fix: set TEMPORAL_TLS_SERVER_CA_CERT_PATH/,
    ],
    [
      'another name in the certificate',
      () => less('TEMPORAL_TLS_SERVER_NAME'),
      /for another name\. Fix: set TEMPORAL_TLS_SERVER_NAME/,
    ],
    [
      'an expired server certificate',
      () => ({ ...files(), TEMPORAL_ADDRESS: old, TEMPORAL_TLS_SERVER_NAME: 'expired.test' }),
      /not valid today\. Fix: renew it at the server/,
    ],
    [
      'no client certificate',
      () => less(...PAIR),
      /requires a client certificate\. Fix: set TEMPORAL_TLS_CLIENT_CERT_PATH/,
    ],
    [
      'a client certificate of a stranger',
      () => files(made.stranger),
      /does not accept the client certificate\. Fix: /,
    ],
    [
      'TLS off at a server with TLS',
      () => ({ TEMPORAL_ADDRESS: mutual }),
      /the server speaks TLS, and TLS is off here\. Fix: set TEMPORAL_TLS=true/,
    ],
    [
      'TLS on at a server without TLS',
      () => ({ TEMPORAL_ADDRESS: plain, TEMPORAL_TLS: 'true' }),
      /TLS is on here, and the server does not speak it\. Fix: set TEMPORAL_TLS=false/,
    ],
    [
      'an API key at a server without TLS',
      () => ({ TEMPORAL_ADDRESS: plain, TEMPORAL_API_KEY: 'key-canary' }),
      /TLS is on here, and the server does not speak it/,
    ],
    [
      'a host that does not exist',
      () => ({ TEMPORAL_ADDRESS: 'nowhere.invalid:7233' }),
      /no such host\. Fix: correct the host in TEMPORAL_ADDRESS/,
    ],
    [
      'a port where nothing listens',
      () => ({ TEMPORAL_ADDRESS: '127.0.0.1:1' }),
      /cannot reach Temporal at 127\.0\.0\.1:1\. Fix: /,
    ],
    [
      'a namespace that does not exist',
      () => ({ ...files(), TEMPORAL_NAMESPACE: 'nowhere' }),
      /nowhere.*Fix: set TEMPORAL_NAMESPACE/,
    ],
  ];
  test.each(REFUSED)(
    '%s: exit code 4',
    async (_what, values, says) => {
      const ran = await ask(values());
      expect(ran.code).toBe(4);
      expectOneLine(ran, says);
      expect(ran.stderr).not.toContain('canary');
    },
    30_000,
  );

  test('a wrong API key is refused in one line that does not show it; the right one is accepted', async () => {
    const common = { TEMPORAL_ADDRESS: await keyServer(), TEMPORAL_TLS: 'false' };
    const wrong = await ask({ ...common, TEMPORAL_API_KEY: 'key-canary' });
    expect(wrong.code).toBe(4);
    expectOneLine(
      wrong,
      /does not accept this program's credential \(invalid key\)\. Fix: set TEMPORAL_API_KEY/,
    );
    expect(wrong.stderr).not.toContain('canary');
    const right = await ask({ ...common, TEMPORAL_API_KEY: 'good' });
    expect(right.stderr).not.toContain('does not accept');
  });

  test('a server that never answers is given up', async () => {
    const address = await listen(createTcp(() => undefined));
    const ran = await ask({ TEMPORAL_ADDRESS: address });
    expect(ran.code).toBe(4);
    expectOneLine(ran, /cannot reach Temporal at/);
  }, 60_000);

  test.each([
    ['settings that cannot be used', () => less('TEMPORAL_TLS_CLIENT_KEY_PATH'), 2],
    ['a refusal', () => less(...PAIR), 4],
    ['a missing namespace', () => ({ ...files(), TEMPORAL_NAMESPACE: 'nowhere' }), 4],
  ] as const)(
    'a gateway ends at %s',
    async (_what, values, code) => {
      const args = ['--import', './test/support/typescript.mjs', 'src/workers/main.ts', 'gateway'];
      const ended = await execa(process.execPath, args, {
        env: {
          ...values(),
          SIGNALBOX_WEBHOOK_SECRET: 'a-secret-of-16-chars',
          ...{ SIGNALBOX_GATEWAY_PORT: '0', SIGNALBOX_LOG_LEVEL: 'silent' },
        },
        reject: false,
      });
      expect([ended.exitCode, ended.stderr.split('\n').length]).toEqual([code, 1]);
    },
    30_000,
  );

  const worker = (values: Values, stop: AbortSignal, log: string[] = []): Promise<number> =>
    runTemporalWorker({
      ...{ environment: { TEMPORAL_CONFIG_FILE: '/nonexistent.toml', ...values }, stop },
      logger: { warn: (fields: { cause?: string }) => log.push(fields.cause ?? '') } as never,
      workers: () => Promise.reject(new Error('a worker was started')),
    });

  test('a worker ends at a refusal with its problem', async () => {
    const { signal } = new AbortController();
    await expect(worker(less(...PAIR), signal)).rejects.toThrow(/requires a client certificate/);
    await expect(worker({ ...files(), TEMPORAL_NAMESPACE: 'nowhere' }, signal)).rejects.toThrow(
      /nowhere does not exist/,
    );
  }, 60_000);

  test('a worker waits while nothing answers, logs the cause once, and stops when it is asked to', async () => {
    const [stop, log]: [AbortController, string[]] = [new AbortController(), []];
    let tries = 0;
    const address = await listen(createTcp(socket => void (tries++, socket.destroy())));
    const ended = worker({ TEMPORAL_ADDRESS: address }, stop.signal, log);
    await until('a second attempt', () => (tries > 8 && log.length > 0 ? true : undefined), 40_000);
    stop.abort();
    expect(await ended).toBe(0);
    expect(log).toEqual([expect.stringMatching(/^cannot reach Temporal at /)]);
  }, 60_000);
});
