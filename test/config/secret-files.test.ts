/** Every secret can be given as a file; what is wrong with a file is one line that names the setting and the fix. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { githubCredential, processSettings } from '../../src/config/environment.ts';
import { SettingsError } from '../../src/config/settings-error.ts';
import { FILE_SECRETS, withSecretFiles } from '../../src/config/secret-files.ts';

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'signalbox-secrets-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

function fileWith(text: string): string {
  const file = join(dir, 'secret');
  writeFileSync(file, text);
  return file;
}

test.each(FILE_SECRETS)('%s from a file', name => {
  const environment = { [`${name}_FILE`]: fileWith('of-the-file\n'), PATH: '/bin' };
  expect(withSecretFiles(environment)).toEqual({ [name]: 'of-the-file', PATH: '/bin' });
});

test('the value itself, without a file', () => {
  expect(withSecretFiles({ GITHUB_TOKEN: 'own\n', GITHUB_TOKEN_FILE: '' })).toEqual({
    GITHUB_TOKEN: 'own\n',
  });
});

test('an empty variable does not hide the file', () => {
  const environment = { GITHUB_TOKEN: '', GITHUB_TOKEN_FILE: fileWith('t') };
  expect(withSecretFiles(environment)).toEqual({ GITHUB_TOKEN: 't' });
});

test('only the last line break is removed', () => {
  const file = fileWith('-----BEGIN\nEND-----\r\n');
  expect(withSecretFiles({ GITHUB_APP_PRIVATE_KEY_FILE: file })).toEqual({
    GITHUB_APP_PRIVATE_KEY: '-----BEGIN\nEND-----',
  });
});

test('a pipe, such as that of <(command)', () => {
  const script = `import { withSecretFiles } from './src/config/secret-files.ts';
    process.stdout.write(withSecretFiles({ GITHUB_TOKEN_FILE: '/dev/stdin' }).GITHUB_TOKEN);`;
  const command = `echo of-the-pipe | "$0" --import ./test/support/typescript.mjs --no-warnings --input-type=module --eval "$1"`;
  const ran = spawnSync('sh', ['-c', command, process.execPath, script], { encoding: 'utf8' });
  expect(ran).toMatchObject({ stdout: 'of-the-pipe', stderr: '' });
});

test("a GitHub App's key from a file is its credential", () => {
  const environment = { GITHUB_APP_ID: '7', GITHUB_APP_PRIVATE_KEY_FILE: fileWith('pem\n') };
  expect(githubCredential(processSettings(withSecretFiles(environment)))).toEqual({
    kind: 'app',
    appId: '7',
    privateKey: 'pem',
  });
});

test.each([
  [
    'both set',
    () => ({ GITHUB_TOKEN: 'canary', GITHUB_TOKEN_FILE: fileWith('t') }),
    /both set\. Fix: unset one/,
  ],
  ['missing', () => ({ GITHUB_TOKEN_FILE: join(dir, 'none') }), /GITHUB_TOKEN_FILE names \(ENOENT\)\. Fix: /],
  ['a folder', () => ({ TEMPORAL_API_KEY_FILE: folder() }), /TEMPORAL_API_KEY_FILE names \(it is a folder\)/],
  ['empty', () => ({ GITHUB_TOKEN_FILE: fileWith('\n') }), /GITHUB_TOKEN_FILE names, is empty\. Fix: /],
  ['too large', () => ({ GITHUB_TOKEN_FILE: fileWith('x'.repeat(70_000)) }), /more than 65536 bytes/],
  ['without an end', () => ({ GITHUB_TOKEN_FILE: '/dev/zero' }), /more than 65536 bytes/],
])('%s', (_name, environment, problem) => {
  const refused = (): unknown => withSecretFiles(environment());
  expect(refused).toThrow(SettingsError);
  expect(refused).toThrow(problem);
  expect(refused).not.toThrow(/canary/);
});

function folder(): string {
  mkdirSync(join(dir, 'folder'), { recursive: true });
  return join(dir, 'folder');
}
