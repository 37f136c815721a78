/** Lock files in both formats: one holder, free again when it is gone, and never taken from a living one. */
import { spawn } from 'node:child_process';
import { readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readLock, stateOfLock } from '../../src/host/lock.ts';
import { identityText, processIdentity } from '../../src/host/process-identity.ts';
import { eventually, gone, temporaryFolder, textOf, type Folder } from '../local/support.ts';
import { deadLockText, type LockFormatName, lockFormats, take } from './support/lock-formats.ts';

let folder: Folder;
let file: string;
beforeEach(() => {
  folder = temporaryFolder();
  file = folder.file('one.lock');
});
afterEach(() => folder.remove());

describe.each(['json', 'text'] as const)('a lock in the format %s', name => {
  const format = lockFormats[name];

  test('is held until it is released', () => {
    expect(stateOfLock(file, format)).toBe('free');
    const first = take[name](file);
    expect(stateOfLock(file, format)).toBe('held');
    expect(take[name](file)).toBeUndefined();
    first?.release();
    expect(readdirSync(folder.path)).toEqual([]);
    expect(take[name](file)).toBeDefined();
  });

  test('is left behind by an owner that has ended, and free for the next one', async () => {
    const owner = spawn(process.execPath, ['-e', 'setInterval(()=>{},1000)'], { stdio: 'ignore' });
    const pid = owner.pid ?? 0;
    writeFileSync(file, textOfOwner(name, pid));
    expect(stateOfLock(file, format)).toBe('held');
    expect(take[name](file)).toBeUndefined();
    owner.kill('SIGKILL');
    await gone(pid);
    expect(stateOfLock(file, format)).toBe('left-behind');
    expect(take[name](file)).toBeDefined();
    expect(readdirSync(folder.path)).toEqual(['one.lock']);
  });

  test.each(['', 'no such format', '{}'])('that reads %j has no holder', text => {
    writeFileSync(file, text);
    expect(stateOfLock(file, format)).toBe('left-behind');
    expect(take[name](file)).toBeDefined();
    expect(readdirSync(folder.path)).toEqual(['one.lock']);
  });

  test('is not released by a holder that has lost it', () => {
    const first = take[name](file);
    writeFileSync(file, deadLockText(name, 1));
    first?.release();
    expect(stateOfLock(file, format)).toBe('left-behind');
  });

  test('is released once only, so that the same process can take it again', () => {
    const first = take[name](file);
    first?.release();
    const second = take[name](file);
    first?.release();
    expect(stateOfLock(file, format)).toBe('held');
    second?.release();
    expect(stateOfLock(file, format)).toBe('free');
  });

  test('is held while a living successor has not yet been moved to its place', () => {
    writeFileSync(file, deadLockText(name, 1));
    writeFileSync(`${file}.${tokenIn(file)}`, textOfOwner(name, process.pid));
    expect(stateOfLock(file, format)).toBe('held');
    expect(take[name](file)).toBeUndefined();
  });

  test('is taken over from successors that died before they were moved, and they are removed', () => {
    writeFileSync(file, deadLockText(name, 1));
    const second = `${file}.${tokenIn(file)}`;
    writeFileSync(second, deadLockText(name, 2));
    writeFileSync(`${file}.${tokenIn(second)}`, 'unreadable');
    expect(take[name](file)).toBeDefined();
    expect(stateOfLock(file, format)).toBe('held');
    expect(readdirSync(folder.path)).toEqual(['one.lock']);
  });

  test('is not taken over when the file cannot be read', () => {
    // A symbolic link to itself cannot be read by root either.
    symlinkSync(file, file);
    expect(() => take[name](file)).toThrow('ELOOP');
    expect(() => stateOfLock(file, format)).toThrow('ELOOP');
  });

  test('left by a dead owner has exactly one winner among many processes', async () => {
    const locks = Array.from({ length: 40 }, (_, index) => `race-${index}.lock`);
    for (const [index, lock] of locks.entries())
      writeFileSync(folder.file(lock), deadLockText(name, index + 1));
    const answers = await race('locking.ts', [name], locks.map(folder.file));
    const taken = answers.flatMap(answer => answer.replace('taken: ', '').split(' ').filter(Boolean));
    expect(taken.sort()).toEqual([...locks].sort());
    const left = readdirSync(folder.path).filter(found => found.startsWith('race-'));
    expect(left.sort()).toEqual([...locks].sort());
  });

  test('that dies with each holder never has two holders at once', async () => {
    const answers = await race('dying.ts', [name], [file, '40']);
    expect(answers).toEqual(answers.map(() => 'done'));
    expect(readdirSync(folder.path).filter(found => found.startsWith('one.lock'))).toEqual(['one.lock']);
  });

  const tokenIn = (place: string): string => {
    const found = readLock(place, format);
    return typeof found === 'string' ? found : found.token;
  };
});

function textOfOwner(name: LockFormatName, pid: number): string {
  const owner = processIdentity(pid);
  return name === 'json'
    ? JSON.stringify({ token: 'theirs', owner, others: [] })
    : `${identityText(owner)}\n`;
}

/** The answers of processes that start at the same moment. */
async function race(
  program: string,
  before: readonly string[],
  after: readonly string[],
): Promise<readonly string[]> {
  const answers = Array.from({ length: 4 }, (_, index) => folder.file(`answer-${index}`));
  const go = folder.file('go');
  const typescript = path.join(import.meta.dirname, '../support/typescript.mjs');
  const children = answers.map(answer => {
    const script = path.join(import.meta.dirname, 'programs', program);
    const args = ['--import', typescript, '--no-warnings', script, ...before, go, answer, ...after];
    return spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  });
  try {
    await eventually('all waiting', () => answers.every(answer => textOf(answer) === 'waiting'), 30_000);
    writeFileSync(go, 'go');
    const isAnswer = (text: string): boolean => /^(taken|done|overlap)/.test(text);
    await eventually('all answers', () => answers.every(answer => isAnswer(textOf(answer))), 30_000);
    return answers.map(textOf);
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
}
