/** One preparation at a time per checkout: a lock file that names its holder, taken over when the holder is gone. */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expectedFailure, inRoot, say } from './root.mjs';

const lockFile = inRoot('.signalbox', 'setup.lock');
const waitMsMax = 15 * 60_000;
const pollMs = 100;

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
  const deadline = Date.now() + waitMsMax;
  for (let told = false; !tryAcquire(); told = true) {
    const holder = readHolder();
    if (holder !== undefined && !isAlive(holder)) takeAway(holder);
    else if (Date.now() > deadline)
      throw expectedFailure(`process ${holder} has been preparing this checkout for too long (${lockFile}).`);
    else if (!told) say('another process is preparing this checkout; waiting for it');
    await delay(pollMs);
  }
}

/** A link is atomic and shows the holder's id from the first moment, which creating and then writing would not. */
function tryAcquire() {
  const mine = `${lockFile}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    linkSync(mine, lockFile);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(mine, { force: true });
  }
}

function readHolder() {
  try {
    return Number(readFileSync(lockFile, 'utf8'));
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Moves the dead holder's lock aside; if in between a living one took its place, puts that one back. */
function takeAway(deadHolder) {
  const aside = `${lockFile}.dead.${process.pid}`;
  try {
    renameSync(lockFile, aside);
    if (Number(readFileSync(aside, 'utf8')) !== deadHolder) linkSync(aside, lockFile);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}
