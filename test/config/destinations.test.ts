/** For every setting that names a destination: a secret of the environment never goes to an address of a file, nor the reverse. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { processSettings, sourceCredential } from '../../src/config/environment.ts';
import { DESTINATIONS, joinSettings, withoutDestinations } from '../../src/config/destinations.ts';

/** One secret of each destination, as the environment has it. */
const SECRETS: Readonly<Record<string, string>> = {
  TEMPORAL_ADDRESS: 'TEMPORAL_API_KEY',
  GITHUB_API_URL: 'GITHUB_TOKEN',
  SIGNALBOX_SOURCE_URL: 'SIGNALBOX_SOURCE_TOKEN',
  SIGNALBOX_MODEL_BASE_URL: 'SIGNALBOX_MODEL_KEY',
  SIGNALBOX_ARTIFACTS: 'AWS_SECRET_ACCESS_KEY',
  SIGNALBOX_NOTIFY_URL: 'SIGNALBOX_NOTIFY_SECRET',
};
const cases = DESTINATIONS.map(({ address, fallback }) => ({
  address,
  fallback,
  secret: SECRETS[address] ?? '',
}));

describe.each(cases)('$address and $secret', ({ address, fallback, secret }) => {
  const [mine, theirs] = [{ [secret]: 'of-the-environment' }, { [secret]: 'of-the-file' }];
  const there = { [address]: 'https://there.test' };

  test('of the environment together', () => {
    expect(joinSettings({ ...there, ...mine }, {})).toEqual({ values: { ...there, ...mine }, withheld: [] });
  });

  test('of the file together', () => {
    expect(joinSettings({}, { ...there, ...theirs }).values).toMatchObject({ ...there, ...theirs });
  });

  test('the address of the file without the secret of the environment', () => {
    const { values, withheld } = joinSettings(mine, there);
    expect([values[address], values[secret], withheld]).toEqual([there[address], undefined, [secret]]);
    expect(joinSettings(mine, { ...there, ...theirs }).values[secret]).toBe('of-the-file');
  });

  test('the address of the environment without the secret of the file', () => {
    expect(joinSettings(there, theirs).values).toEqual(there);
  });

  test('the environment wins where both name the same address', () => {
    const { values } = joinSettings({ [address]: 'https://THERE.test/', ...mine }, { ...there, ...theirs });
    expect(values[secret]).toBe('of-the-environment');
    expect(joinSettings({ [address]: 'https://THERE.test/' }, { ...there, ...theirs }).values[secret]).toBe(
      'of-the-file',
    );
  });

  test('without any address, the secret of the environment goes to the default', () => {
    expect(joinSettings(mine, {}).values[secret]).toBe('of-the-environment');
    if (fallback === undefined) return;
    expect(joinSettings(mine, { [address]: fallback }).values[secret]).toBe('of-the-environment');
  });
});

test.each([
  [
    'TEMPORAL_ADDRESS',
    [
      ...['TEMPORAL_API_KEY_FILE', 'TEMPORAL_TLS', 'TEMPORAL_TLS_CLIENT_KEY_DATA'],
      ...['TEMPORAL_PROFILE', 'TEMPORAL_CONFIG_FILE'],
    ],
  ],
  [
    'GITHUB_API_URL',
    [
      ...['GITHUB_TOKEN', 'GITHUB_TOKEN_FILE', 'GITHUB_APP_ID'],
      ...['GITHUB_APP_PRIVATE_KEY', 'GITHUB_APP_PRIVATE_KEY_FILE'],
    ],
  ],
  ['SIGNALBOX_SOURCE_URL', ['SIGNALBOX_SOURCE_TOKEN', 'SIGNALBOX_SOURCE_TOKEN_FILE']],
  [
    'SIGNALBOX_MODEL_BASE_URL',
    ['SIGNALBOX_MODEL_KEY_FILE', 'SIGNALBOX_MODEL_KEY_FD', 'SIGNALBOX_MODEL_KEY_HEADER'],
  ],
  [
    'SIGNALBOX_ARTIFACTS',
    ['AWS_ACCESS_KEY_ID', 'AWS_SESSION_TOKEN', 'AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL', 'AWS_REGION'],
  ],
  [undefined, ['TEMPORAL_NAMESPACE', 'SIGNALBOX_DATA_DIR', 'SIGNALBOX_MODEL_PRICES']],
])('the secrets of %s', (address, names) => {
  for (const name of names)
    expect([name, DESTINATIONS.find(({ secrets }) => secrets.test(name))?.address]).toEqual([name, address]);
});

test('a local stage gets neither an address nor a secret of the environment', () => {
  const environment = { PATH: '/bin', SIGNALBOX_LOG_LEVEL: 'info' };
  const addresses = Object.fromEntries(DESTINATIONS.map(({ address }) => [address, 'https://there.test']));
  const secrets = Object.fromEntries(Object.values(SECRETS).map(name => [name, 'canary']));
  expect(withoutDestinations({ ...environment, ...addresses, ...secrets })).toEqual(environment);
});

test('no other credential goes to the source relay', () => {
  const relay = { SIGNALBOX_SOURCE_URL: 'https://relay.test', GITHUB_TOKEN: 'of-github' };
  expect(() => sourceCredential(processSettings(relay))).toThrow(/without SIGNALBOX_SOURCE_TOKEN/);
  // Positive controls: its own token, and the scheduler's for GitHub itself.
  expect(sourceCredential(processSettings({ ...relay, SIGNALBOX_SOURCE_TOKEN: 'own' }))).toMatchObject({
    token: 'own',
  });
  expect(sourceCredential(processSettings({ GITHUB_TOKEN: 'of-github' }))).toMatchObject({
    token: 'of-github',
  });
});

test('docs/security.md lists every destination', () => {
  const page = readFileSync(new URL('../../docs/security.md', import.meta.url), 'utf8');
  for (const { address } of DESTINATIONS) expect(page).toContain(`\`${address}\``);
});

test('a file never sets the way to a destination, the environment does', () => {
  const network = { HTTPS_PROXY: 'http://proxy.test', no_proxy: '*', NODE_EXTRA_CA_CERTS: '/ca.pem' };
  expect(joinSettings({}, { ...network, SIGNALBOX_USER: 'ann' }).values).toEqual({ SIGNALBOX_USER: 'ann' });
  expect(joinSettings(network, {}).values).toEqual(network);
});
