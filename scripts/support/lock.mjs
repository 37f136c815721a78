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
const WAIT_MS_MAX = 15 * 60_000;
const POLL_MS = 100;

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
  const deadline = Date.now() + WAIT_MS_MAX;
  for (let reported = false; !tryAcquire(mine); reported = true) {
    const holder = readLock(lockFile)?.pid;
    if (Date.now() > deadline)
      throw expectedFailure(
        `process ${holder} holds ${lockFile} for more than 15 minutes. Fix: end that process, then run this again.`,
      );
    if (!reported && holder !== undefined && isAlive(holder))
      say('another process is preparing this checkout; waiting for it');
    await delay(POLL_MS);
  }
}

/**
 * Never removes a dead holder's lock, because a live process may own it by then. Instead, a process creates the file that
 * the dead lock's token names, where only one can win, and renames it over the lock.
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
 * A link is atomic and shows the complete content at once; creating a file and then writing it does not.
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
 * Signal to pid 0 would address our own process group.
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
