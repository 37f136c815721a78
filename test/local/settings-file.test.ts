/** The settings file of a running stage: private, written atomically, stale when its owner is gone, and not read if it may be another user's. */
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  readSettingsFile,
  removeSettingsFile,
  settingsFileIn,
  writeSettingsFile,
} from '../../src/local/settings-file.ts';
import { bootId, processIdentity } from '../../src/host/process-identity.ts';
import { temporaryFolder, type Folder } from './support.ts';
import { testAsRoot } from '../support/as-root.ts';

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
  expect(statSync(path.dirname(settingsFileIn(folder.path))).mode & 0o777).toBe(0o700);
});

test('links that a checkout brings with it are replaced, and their targets stay as they are', () => {
  const other = path.join(folder.path, 'other');
  writeFileSync(other, 'kept');
  mkdirSync(path.dirname(settingsFileIn(folder.path)));
  for (const name of ['', `.${process.pid}`]) symlinkSync(other, `${settingsFileIn(folder.path)}${name}`);
  writeSettingsFile(folder.path, content);
  expect(readFileSync(other, 'utf8')).toBe('kept');
  expect(readSettingsFile(folder.path).kind).toBe('live');
});

test('the file of a process that has ended is stale', () => {
  const ended = spawnSync(process.execPath, ['-e', '']).pid;
  rewrite(settings => ({ ...settings, owner: { ...ownerOf(settings), pid: ended } }));
  expect(readSettingsFile(folder.path).kind).toBe('stale');
});

test('a later process with the owner’s id does not make the file live', () => {
  rewrite(settings => ({ ...settings, owner: { ...ownerOf(settings), startedAt: '1' } }));
  expect(readSettingsFile(folder.path).kind).toBe(process.platform === 'linux' ? 'stale' : 'live');
});

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux.each([
  ['without a start time', { startedAt: undefined }],
  ['of an earlier boot', { boot: '00000000' }],
])('an owner %s is not guessed', (_what, change) => {
  rewrite(settings => ({ ...settings, owner: { ...ownerOf(settings), ...change } }));
  expect(readSettingsFile(folder.path).kind).toBe('stale');
});

test.each([
  ['invalid JSON', '{'],
  ['another version', JSON.stringify({ version: 1 })],
  ...['PATH', 'TEMPORAL_API_KEY', 'TEMPORAL_PROFILE', 'TEMPORAL_CONFIG_FILE', 'SIGNALBOX_MODEL_BASE_URL'].map(
    name => [`a value for ${name}`, fileWith({ [name]: 'x' })] as const,
  ),
])('a file with %s is refused with its path and a fix', (_what, text) => {
  writeSettingsFile(folder.path, content);
  writeFileSync(settingsFileIn(folder.path), text);
  const answer = readSettingsFile(folder.path);
  expect(answer).toMatchObject({
    kind: 'invalid',
    problem: expect.stringMatching(
      /cannot use .*settings\.json: .* Fix: restart what wrote it, or remove the file/,
    ),
  });
});

test('removal deletes our own file and leaves another owner’s file', () => {
  writeSettingsFile(folder.path, content);
  removeSettingsFile(folder.path);
  expect(readSettingsFile(folder.path)).toEqual({ kind: 'none' });
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 60_000)']);
  try {
    const owner = processIdentity(other.pid ?? 0);
    rewrite(settings => ({ ...settings, owner: { ...ownerOf(settings), ...owner } }));
    removeSettingsFile(folder.path);
    expect(readSettingsFile(folder.path).kind).toBe('live');
  } finally {
    other.kill('SIGKILL');
  }
});

testAsRoot('a living process of another user makes no file live (needs root)', () => {
  const uid = 60_902;
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 60_000)'], { uid, gid: uid, cwd: '/' });
  try {
    const owner = processIdentity(other.pid ?? 0);
    rewrite(settings => ({ ...settings, owner: { ...ownerOf(settings), ...owner } }));
    expect(readSettingsFile(folder.path).kind).toBe('stale');
  } finally {
    other.kill('SIGKILL');
  }
});

describe('a file that others wrote, or could have written, is not read', () => {
  const dir = (): string => path.dirname(settingsFileIn(folder.path));
  const changes: readonly (readonly [string, () => void])[] = [
    ['is readable to others', () => chmodSync(settingsFileIn(folder.path), 0o644)],
    ['is writable to a group', () => chmodSync(settingsFileIn(folder.path), 0o620)],
    ['is in a folder that a group can write to', () => chmodSync(dir(), 0o770)],
    ['is in a folder that all can write to', () => chmodSync(dir(), 0o777)],
    ['is a link', () => linkTo(settingsFileIn(folder.path))],
    ['is no file', () => replaceByFolder(settingsFileIn(folder.path))],
  ];
  test.each(changes)('it %s', (_what, change) => {
    writeSettingsFile(folder.path, content);
    // Positive control: the same file before the change.
    expect(readSettingsFile(folder.path).kind).toBe('live');
    change();
    expect(readSettingsFile(folder.path)).toMatchObject({
      kind: 'foreign',
      problem: expect.stringMatching(/^not using .*settings\.json: /),
    });
  });

  testAsRoot.each([
    ['it', () => settingsFileIn(folder.path)],
    ['its folder', dir],
  ])('%s belongs to another user (needs root)', (_what, place) => {
    writeSettingsFile(folder.path, content);
    chownSync(place(), 60_902, 60_902);
    expect(readSettingsFile(folder.path)).toMatchObject({
      kind: 'foreign',
      problem: expect.stringMatching(/belongs to user 60902/),
    });
  });

  testAsRoot('nothing is written into a folder of another user (needs root)', () => {
    mkdirSync(dir());
    chownSync(dir(), 60_902, 60_902);
    expect(() => writeSettingsFile(folder.path, content)).toThrow(/belongs to user 60902/);
    expect(statSync(dir()).uid).toBe(60_902);
  });
});

function linkTo(file: string): void {
  renameSync(file, `${file}.moved`);
  symlinkSync(`${file}.moved`, file);
}

function replaceByFolder(file: string): void {
  renameSync(file, `${file}.moved`);
  mkdirSync(file, { mode: 0o700 });
}

function fileWith(values: Readonly<Record<string, string>>): string {
  const owner = { ...processIdentity(process.pid), boot: bootId() };
  return JSON.stringify({ version: 2, owner, command: 'up', values });
}

function ownerOf(settings: Readonly<Record<string, unknown>>): object {
  return settings['owner'] as object;
}

function rewrite(change: (settings: Record<string, unknown>) => Record<string, unknown>): void {
  writeSettingsFile(folder.path, content);
  const file = settingsFileIn(folder.path);
  const settings = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify(change(settings)));
}
