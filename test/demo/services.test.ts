/** The demo's outside world as services: people who only know GitHub take an issue to a verified release of the real processes. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runGitHub } from '../../demo/services/github.ts';
import { runModel } from '../../demo/services/model.ts';
import { runPeople } from '../../demo/services/people.ts';
import { statusIn } from '../../demo/services/status.ts';
import { SettingsError } from '../../src/config/settings-error.ts';
import { reservePorts } from '../../src/local/ports.ts';
import { startStack, type Stack } from '../../src/local/stack.ts';
import { obtainTemporalServer } from '../../src/local/temporal-server/obtain.ts';
import { until } from '../support/until.ts';

const SECRET = 'a-secret-of-the-demo';
let dir = '';
let stack: Stack;
let github = '';
let health = '';
const stop = new AbortController();
const services: Promise<void>[] = [];

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'signalbox-demo-'));
  const ports = await reservePorts(
    ['GitHub', 'model', 'webhooks', 'health'].map(what => ({ port: 0, what, setting: 'PORT' })),
  );
  const [githubAt = '', modelAt = '', gatewayAt = '', healthAt = ''] = ports.map(port => `127.0.0.1:${port}`);
  github = `http://${githubAt}/api/v3`;
  health = healthAt;
  services.push(
    runGitHub(
      {
        DEMO_GITHUB_LISTEN: githubAt,
        DEMO_GITHUB_URL: `http://${githubAt}`,
        DEMO_DATA_DIR: dir,
        DEMO_WEBHOOK_URL: `http://${gatewayAt}/webhooks`,
        DEMO_WEBHOOK_SECRET: SECRET,
        DEMO_BOT_TOKEN: 'ghp_token-of-the-bot',
        DEMO_READER_TOKEN: 'ghp_token-of-the-reader',
        DEMO_PERSON_TOKEN: 'ghp_token-of-the-person',
      },
      stop.signal,
    ),
    runModel({ DEMO_MODEL_LISTEN: modelAt, DEMO_MODEL_KEY: SECRET }, stop.signal),
  );
  const environment = { ...process.env, TEMPORAL_ADDRESS: undefined };
  stack = await startStack(
    {
      ...{
        dataDir: join(dir, 'data'),
        temporalPort: 0,
        temporalUiPort: 0,
        withGateway: true,
        modelKey: SECRET,
      },
      temporal: await obtainTemporalServer({ environment }),
      onEvent: () => undefined,
      values: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        GITHUB_API_URL: github,
        GITHUB_TOKEN: 'ghp_token-of-the-bot',
        SIGNALBOX_SOURCE_TOKEN: 'ghp_token-of-the-reader',
        SIGNALBOX_WEBHOOK_SECRET: SECRET,
        SIGNALBOX_GATEWAY_PORT: gatewayAt.split(':')[1],
        SIGNALBOX_MODEL_BASE_URL: `http://${modelAt}/v1`,
      },
    },
    stop.signal,
  );
}, 120_000);
afterAll(async () => {
  await stack.stop();
  stop.abort();
  await Promise.all(services);
  rmSync(dir, { recursive: true });
}, 60_000);

const settings = (): Readonly<Record<string, string>> => ({
  GITHUB_API_URL: github,
  DEMO_PERSON_TOKEN: 'ghp_token-of-the-person',
});

test('an issue is released and verified; healthy only then, and a second start finds it done', async () => {
  const done = new AbortController();
  const first = runPeople({ ...settings(), SIGNALBOX_HEALTH_LISTEN: health }, done.signal);
  const answer = async () => await fetch(`http://${health}/healthz`).catch(() => undefined);
  await until('it is not healthy yet', async () => (await answer())?.status === 503 || undefined);
  await until('it is healthy', async () => (await answer())?.status === 200 || undefined, 120_000);
  done.abort();
  await first;
  await runPeople({ ...settings(), DEMO_TIMEOUT_SECONDS: '5' }, stop.signal);
  const listed = await fetch(`${github}/repos/acme/profile-card/issues?state=all`, {
    headers: { authorization: 'Bearer ghp_token-of-the-person' },
  });
  const issues = (await listed.json()) as object[];
  expect(issues.filter(issue => !('pull_request' in issue))).toHaveLength(1);
}, 150_000);

test.each([
  [
    'nobody answers in time',
    { GITHUB_API_URL: 'http://127.0.0.1:1', DEMO_TIMEOUT_SECONDS: '1' },
    /fetch failed/,
  ],
  ['a secret is missing', { DEMO_PERSON_TOKEN: '' }, SettingsError],
])('%s', async (_name, more, problem) => {
  await expect(runPeople({ ...settings(), ...more }, stop.signal)).rejects.toThrow(problem);
});

test('what the status comment asks for', () => {
  const comment = (hold: string): string =>
    `**Stage: pr** · mode guarded\n\n${hold}\n<!-- signalbox:snapshot {"stage":"pr","pullRequest":2} -->\n<!-- signalbox:status 1.1 -->`;
  expect(statusIn(['hello'])).toBeUndefined();
  expect(statusIn([comment('In progress: merge.')])).toEqual({ stage: 'pr', pullRequest: 2, hold: null });
  const gate =
    '**Held at the merge gate.** rosa: `approve the pull request in a review, or /approve merge 0123456789ab`';
  expect(statusIn([comment(gate)])?.hold).toMatchObject({
    kind: 'gate',
    gate: 'merge',
    digest: 'sha256:0123456789ab',
  });
  expect(statusIn([comment('**Held: blocked.** rosa: `/retry`\n- why: it broke')])?.hold).toMatchObject({
    kind: 'blocked',
    why: ['it broke'],
  });
});
