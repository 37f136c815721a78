/** Bad inputs of the stack: one line that says which setting it is, and a container that is not healthy. */
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { inOwnFolder } from '../../src/host/own-folder.ts';
import { until } from '../support/until.ts';
import { withHostListener } from './support/networks.ts';
import { compose, type ComposeEnd, setting, tryCompose } from './support/stack.ts';

const DEFAULT = ['--profile', 'default'];
/** A red answer is reported at once. */
const IMPATIENT = { healthcheck: { interval: '1s', retries: 1, start_period: '1s' } };

beforeAll(async () => {
  const jobs = ['temporal-create-namespace', 'artifact-store-policies'];
  await compose(...DEFAULT, 'up', '--no-build', '--attach', 'setup', ...jobs);
});

/** Compose, with another file of settings after the stack's. */
async function composeWith(override: string, ...args: readonly string[]): Promise<ComposeEnd> {
  return await inOwnFolder(path.join(tmpdir(), 'signalbox-compose-'), async folder => {
    const file = path.join(folder, 'override.yml');
    await writeFile(file, override);
    return await tryCompose([...DEFAULT, ...args], { COMPOSE_FILE: `${setting('COMPOSE_FILE')}:${file}` });
  });
}

const linesWithFix = (text: string): readonly string[] =>
  text.split('\n').filter(line => line.includes('. Fix: '));

test('a file of a secret that is missing is named by Compose', async () => {
  const missing = path.join(tmpdir(), 'signalbox-nothing-here');
  const override = JSON.stringify({ secrets: { 'model-key': { file: missing } } });
  const create = ['create', '--no-build', '--force-recreate', 'model-gateway'];
  const { failed, all } = await composeWith(override, ...create);
  expect(failed).toBe(true);
  expect(all).toContain(missing);
});

test('a port that is in use is named by Compose', async () => {
  await withHostListener(async port => {
    const up = [...DEFAULT, 'up', '--wait', '--no-build', '--no-deps', 'gateway'];
    const { failed, all } = await tryCompose(up, { SIGNALBOX_GATEWAY_PORT: String(port) });
    await compose(...DEFAULT, 'rm', '--stop', '--force', 'gateway');
    expect(failed).toBe(true);
    expect(all).toContain(`127.0.0.1:${port}: bind: address already in use`);
  });
});

/** The exit code of docs/cli.md, the wrong setting, and the words of the line. */
test.each([
  [2, 'SIGNALBOX_ARTIFACTS=s3://no-such-bucket', 'the bucket no-such-bucket does not exist'],
  [1, 'SIGNALBOX_ARTIFACTS=s3://signalbox-demo', 'the bucket signalbox-demo denies'],
  [2, 'SIGNALBOX_ARTIFACTS=no-such-bucket', 'SIGNALBOX_ARTIFACTS does not name a store'],
  [4, 'TEMPORAL_NAMESPACE=no-such', 'namespace no-such does not exist'],
  [2, 'GITHUB_API_URL=http://github.invalid', 'GITHUB_API_URL must start with https://'],
  [2, 'GITHUB_TOKEN_FILE=/run/secrets/none', 'GITHUB_TOKEN_FILE'],
])('exit code %i and one line: %s', async (code, value, words) => {
  const run = [...DEFAULT, 'run', '--rm', '--no-deps', '-T', '--env', value, 'scheduler'];
  const { exitCode, all } = await tryCompose(run);
  const line: unknown = expect.stringContaining(words);
  expect({ exitCode, lines: linesWithFix(all) }).toEqual({ exitCode: code, lines: [line] });
});

/** By service: what is changed in it, and the words of its log. */
test.each([
  // An address where no Temporal is.
  [
    'scheduler',
    JSON.stringify({
      services: { scheduler: { ...IMPATIENT, environment: { TEMPORAL_ADDRESS: 'temporal:7999' } } },
    }),
    'TEMPORAL_ADDRESS',
  ],
  // An engine without the profile.
  [
    'runner',
    `services:
  runner:
    security_opt: !override ['no-new-privileges:true']
    healthcheck: ${JSON.stringify(IMPATIENT.healthcheck)}
`,
    'deploy/seccomp-runner.json',
  ],
])('%s turns unhealthy, and its log says why', async (service, override, words) => {
  const up = ['up', '--wait', '--wait-timeout', '60', '--no-build', '--no-deps', service];
  const { failed, all } = await composeWith(override, ...up);
  expect(failed).toBe(true);
  expect(all).toMatch(/is unhealthy/);
  await until(`the log of ${service} names the fix`, async () => {
    const lines = linesWithFix(await compose(...DEFAULT, 'logs', '--no-color', service));
    return lines.some(line => line.includes(words)) ? true : undefined;
  });
  await compose(...DEFAULT, 'rm', '--stop', '--force', service);
});
