/** The log file of a supervised process: appended to, private, and never what a checkout put in its place. */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { lastLogLine, openLog } from '../../src/local/process-log.ts';
import { type Folder, temporaryFolder } from './support.ts';

let folder: Folder;
let file = '';
beforeEach(() => {
  folder = temporaryFolder();
  file = path.join(folder.path, 'one.log');
});
afterEach(() => folder.remove());

function log(line: string): void {
  const descriptor = openLog(file);
  writeSync(descriptor, `${line}\n`);
  closeSync(descriptor);
}

test('lines are appended, and only the owner can read them', () => {
  log('one');
  log('two');
  expect(readFileSync(file, 'utf8')).toBe('one\ntwo\n');
  expect([lastLogLine(file), statSync(file).mode & 0o777]).toEqual(['two', 0o600]);
});

test('a large file is moved away', () => {
  log('one');
  truncateSync(file, 20_000_001);
  log('two');
  expect([readFileSync(file, 'utf8'), statSync(`${file}.1`).size]).toEqual(['two\n', 20_000_001]);
});

test.each([
  ['a link to another file', (): void => symlinkSync(path.join(folder.path, 'other'), file)],
  ['a link that leads nowhere', (): void => symlinkSync(path.join(folder.path, 'none'), file)],
  ['a pipe that nobody reads', (): void => void spawnSync('mkfifo', [file])],
])('%s is moved away, and nothing is written to it', (_what, plant) => {
  writeFileSync(path.join(folder.path, 'other'), 'kept');
  plant();
  log('one');
  expect(readFileSync(file, 'utf8')).toBe('one\n');
  expect(readFileSync(path.join(folder.path, 'other'), 'utf8')).toBe('kept');
});
