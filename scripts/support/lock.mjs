/**
 * One preparation at a time per checkout: a lock file that names its holder, taken over when the holder is gone.
 * The protocol is that of src/host/lock.ts, which explains it. This copy needs no packages: it runs before they are installed.
 */
import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expectedFailure, inRoot, say } from './root.mjs';

const lockFile = inRoot('.signalbox', 'setup.lock');
const waitMsMax = 15 * 60_000;
const pollMs = 100;

/** @typedef {{ pid: number, token: string }} Lock */

/**
 * @template T
 * @param {() => Promise<T>} work
 */
export async function withLock(work) {
  await acquire();
  try {
    return await work();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

async function acquire() {
  mkdirSync(path.dirname(lockFile), { recursive: true });
  const mine = { pid: process.pid, token: randomUUID() };
  const deadline = Date.now() + waitMsMax;
  for (let told = false; !tryAcquire(mine); told = true) {
    const holder = readLock(lockFile)?.pid;
    if (Date.now() > deadline)
      throw expectedFailure(`process ${holder} has been preparing this checkout for too long (${lockFile}).`);
    if (!told && holder !== undefined && isAlive(holder))
      say('another process is preparing this checkout; waiting for it');
    await delay(pollMs);
  }
}

/**
 * A dead holder's lock is never removed, for it may be a living one by then: whoever finds it takes the place that its
 * token names, which has one winner, and moves to the beginning from there.
 * @param {Lock} mine
 */
function tryAcquire(mine) {
  if (create(lockFile, mine)) return true;
  const first = readLock(lockFile)?.token;
  const passed = [];
  let place = lockFile;
  for (let lock = readLock(place); lock !== undefined; lock = readLock(place)) {
    if (isAlive(lock.pid)) return false;
    place = `${lockFile}.${lock.token}`;
    passed.push(place);
  }
  return first !== undefined && create(place, mine) && takeOver({ first, place, passed });
}

/** @param {{ first: string, place: string, passed: string[] }} found */
function takeOver({ first, place, passed }) {
  const isNext = readLock(lockFile)?.token === first;
  if (isNext) renameSync(place, lockFile);
  for (const name of isNext ? passed.slice(0, -1) : [place]) rmSync(name, { force: true });
  return isNext;
}

/**
 * A link is atomic and shows the whole content from the first moment, which creating and then writing would not.
 * @param {string} place
 * @param {Lock} lock
 */
function create(place, { pid, token }) {
  const draft = `${lockFile}.draft.${token}`;
  writeFileSync(draft, `${pid} ${token}`);
  try {
    linkSync(draft, place);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * `undefined` when there is none.
 * @param {string} place
 * @returns {Lock | undefined}
 */
function readLock(place) {
  try {
    const [pid = '', token = 'none'] = readFileSync(place, 'utf8').split(' ');
    return { pid: Number(pid), token };
  } catch {
    return undefined;
  }
}

/**
 * 0 would ask about our own process group.
 * @param {number} pid
 */
function isAlive(pid) {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
