/** Which settings apply, and where a token is sent: a settings file in a folder cannot redirect a token. */
import { describe, expect, test } from '@jest/globals';
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
    expect(Object.keys(settled({ file: FILE }).values)).toEqual(['TEMPORAL_ADDRESS', 'SIGNALBOX_DATA_DIR']);
  });
});
