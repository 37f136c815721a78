/** Which settings apply, and where a token is sent: a settings file in a folder cannot redirect a token. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { temporalSettings } from '../../../src/client/temporal/connection.ts';
import { resolveSettings, type SettingsInput } from '../../../src/client/cli/settings.ts';

const FILE = {
  TEMPORAL_ADDRESS: '127.0.0.1:7000',
  SIGNALBOX_DATA_DIR: '/stage/data',
  GITHUB_API_URL: 'http://127.0.0.1:9000/api/v3',
  GITHUB_TOKEN: 'of-the-file',
};
const settled = (input: Partial<SettingsInput>) =>
  resolveSettings({ flags: {}, environment: {}, file: {}, ...input });

describe('precedence', () => {
  test('flags override the environment, and the environment overrides the file', () => {
    const environment = { TEMPORAL_ADDRESS: '127.0.0.1:7001', TEMPORAL_NAMESPACE: 'team' };
    const { values } = settled({ flags: { temporalAddress: '127.0.0.1:7002' }, environment, file: FILE });
    expect(values).toMatchObject({ TEMPORAL_ADDRESS: '127.0.0.1:7002', TEMPORAL_NAMESPACE: 'team' });
    expect(settled({ file: FILE }).values['TEMPORAL_ADDRESS']).toBe('127.0.0.1:7000');
  });

  test('an empty variable counts as not set', () => {
    const environment = { TEMPORAL_ADDRESS: '', GITHUB_TOKEN: '' };
    expect(settled({ environment, file: FILE }).values['TEMPORAL_ADDRESS']).toBe('127.0.0.1:7000');
    expect(settled({ environment }).github).toEqual({ apiUrl: 'https://api.github.com' });
  });

  test('the file does not apply to `up` itself', () => {
    expect(settled({ environment: { SIGNALBOX_USER: 'alice' }, file: FILE }).own).toEqual({
      SIGNALBOX_USER: 'alice',
    });
  });

  test('with another Temporal, neither Temporal nor GitHub of the file applies', () => {
    const { values, github } = settled({ environment: { TEMPORAL_ADDRESS: 'other:7233' }, file: FILE });
    expect(values['TEMPORAL_ADDRESS']).toBe('other:7233');
    expect(github).toEqual({ apiUrl: 'https://api.github.com' });
    expect(
      settled({ environment: { TEMPORAL_PROFILE: 'cloud' }, file: FILE }).values['TEMPORAL_ADDRESS'],
    ).toBe(undefined);
  });
});

describe('a token is sent only to the API that it was set with', () => {
  test("the file's token is sent to the file's GitHub", () => {
    expect(settled({ file: FILE }).github).toEqual({ apiUrl: FILE.GITHUB_API_URL, token: 'of-the-file' });
  });

  test("the environment's token for github.com is not sent to a URL of the file", () => {
    const planted = { GITHUB_API_URL: 'https://evil.test/api/v3' };
    expect(settled({ environment: { GITHUB_TOKEN: 'canary' }, file: planted }).github).toEqual({
      apiUrl: 'https://evil.test/api/v3',
    });
  });

  test("the environment's token is sent to the environment's URL", () => {
    const environment = { GITHUB_TOKEN: 'mine', GITHUB_API_URL: 'https://ghes.test/api/v3/' };
    expect(settled({ environment, file: FILE }).github).toEqual({
      apiUrl: 'https://ghes.test/api/v3/',
      token: 'mine',
    });
  });

  test("the file's token is not sent to a URL of the environment", () => {
    const environment = { GITHUB_API_URL: 'https://ghes.test/api/v3' };
    expect(settled({ environment, file: FILE }).github).toEqual({ apiUrl: 'https://ghes.test/api/v3' });
  });

  test('the settings of other commands contain no token of the file', () => {
    expect(Object.keys(settled({ file: FILE }).values)).toEqual([
      'SIGNALBOX_DATA_DIR',
      'TEMPORAL_ADDRESS',
      'TEMPORAL_CONFIG_FILE',
    ]);
  });

  test("an App's key is not sent to a URL of the file", () => {
    const environment = { GITHUB_APP_ID: '1', GITHUB_APP_PRIVATE_KEY: 'canary' };
    expect(settled({ environment, file: FILE }).githubValues).toEqual({
      GITHUB_API_URL: FILE.GITHUB_API_URL,
      GITHUB_TOKEN: 'of-the-file',
    });
    expect(settled({ environment }).githubValues).toEqual(environment);
  });
});

describe("Temporal's key, certificate and profile are sent only to the address that they were set with", () => {
  const SECRETS = {
    TEMPORAL_API_KEY: 'canary',
    TEMPORAL_TLS_CLIENT_CERT_PATH: '/canary.pem',
    TEMPORAL_TLS_CLIENT_KEY_PATH: '/canary.key',
    TEMPORAL_GRPC_META_AUTHORIZATION: 'canary',
  };
  let home = '';
  beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'settings-'))));
  afterEach(() => rmSync(home, { recursive: true }));

  test('they do not go to an address of the file, and a note says so', () => {
    const { values, note } = settled({ environment: SECRETS, file: FILE });
    expect(JSON.stringify([values, temporalSettings(values)])).not.toContain('canary');
    expect(temporalSettings(values).address).toBe(FILE.TEMPORAL_ADDRESS);
    expect(note).toMatch(/^not using TEMPORAL_API_KEY, .*127\.0\.0\.1:7000.*set TEMPORAL_ADDRESS too$/);
  });

  test('they go to the same address once the person names it too', () => {
    const environment = { TEMPORAL_API_KEY: 'canary', TEMPORAL_ADDRESS: FILE.TEMPORAL_ADDRESS };
    const { values, note } = settled({ environment, file: FILE });
    expect(temporalSettings(values).options).toMatchObject({
      address: FILE.TEMPORAL_ADDRESS,
      apiKey: 'canary',
    });
    expect(note).toBe(undefined);
  });

  test('the default profile of the user does not go to an address of the file', () => {
    const profile = join(home, 'temporal.toml');
    writeFileSync(profile, '[profile.default]\naddress = "mine:7233"\napi_key = "canary"\n');
    const { values } = settled({ file: FILE });
    // As if this were the file that Temporal's client finds without any setting.
    expect(temporalSettings({ TEMPORAL_CONFIG_FILE: profile, ...values }).options).toEqual({
      address: FILE.TEMPORAL_ADDRESS,
    });
    // Positive control: without the file in the folder, it is used.
    expect(temporalSettings({ TEMPORAL_CONFIG_FILE: profile, ...settled({}).values }).options).toMatchObject({
      address: 'mine:7233',
      apiKey: 'canary',
    });
  });

  test('with a profile of the environment, the address of the file does not apply', () => {
    const environment = { TEMPORAL_PROFILE: 'cloud', TEMPORAL_API_KEY: 'canary' };
    expect(settled({ environment, file: FILE }).values).toEqual({
      ...environment,
      SIGNALBOX_DATA_DIR: '/stage/data',
    });
  });
});
