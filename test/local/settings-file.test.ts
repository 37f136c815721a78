/** The settings file of a running stage: private, written atomically, and stale when its owner is gone. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  readSettingsFile,
  removeSettingsFile,
  settingsFileIn,
  writeSettingsFile,
} from '../../src/local/settings-file.ts';
import { temporaryFolder, type Folder } from './support.ts';

const content = {
  command: 'demo',
  values: { TEMPORAL_ADDRESS: '127.0.0.1:7233', GITHUB_TOKEN: 'stage' },
} as const;
let folder: Folder;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

test('a written file is read back as live, and only its owner can read it', () => {
  writeSettingsFile(folder.path, content);
  expect(readSettingsFile(folder.path)).toMatchObject({
    kind: 'live',
    settings: { ...content, owner: { pid: process.pid } },
  });
  expect(statSync(settingsFileIn(folder.path)).mode & 0o777).toBe(0o600);
});

test('the file of a process that has ended is stale', () => {
  const ended = spawnSync(process.execPath, ['-e', '']).pid;
  rewrite(settings => ({ ...settings, owner: { pid: ended } }));
  expect(readSettingsFile(folder.path).kind).toBe('stale');
});

test('a later process with the owner’s id does not make the file live', () => {
  rewrite(settings => ({ ...settings, owner: { pid: process.pid, startedAt: '1' } }));
  expect(readSettingsFile(folder.path).kind).toBe(process.platform === 'linux' ? 'stale' : 'live');
});

test.each([
  ['invalid JSON', '{'],
  ['another version', JSON.stringify({ version: 2 })],
  [
    'a variable that is not ours',
    JSON.stringify({ version: 1, owner: { pid: 1 }, command: 'up', values: { PATH: '/tmp' } }),
  ],
])('a file with %s is refused with its path and a fix', (_what, text) => {
  mkdirSync(path.dirname(settingsFileIn(folder.path)));
  writeFileSync(settingsFileIn(folder.path), text);
  const answer = readSettingsFile(folder.path);
  expect(answer).toMatchObject({
    kind: 'invalid',
    problem: expect.stringMatching(/cannot use .*settings\.json: .* Fix: remove the file/),
  });
});

test('removal deletes our own file and leaves another owner’s file', () => {
  writeSettingsFile(folder.path, content);
  removeSettingsFile(folder.path);
  expect(readSettingsFile(folder.path)).toEqual({ kind: 'none' });
  rewrite(settings => ({ ...settings, owner: { pid: 1 } }));
  removeSettingsFile(folder.path);
  expect(readSettingsFile(folder.path).kind).toBe('live');
});

function rewrite(change: (settings: Record<string, unknown>) => Record<string, unknown>): void {
  writeSettingsFile(folder.path, content);
  const file = settingsFileIn(folder.path);
  const settings = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify(change(settings)));
}
