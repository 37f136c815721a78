/**
 * One attempt of an issue at a time on this host. Temporal hands out the next attempt when a runner stops sending
 * heartbeats, but its box may still live. The lease lasts as long as the activity that took it, and, if its runner dies,
 * as long as its boxes live.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { IssueRef } from '../../domain/issue-ref.ts';
import { acquireFileLock, type FileLock } from '../../host/file-lock.ts';
import { PermanentFailure } from '../effect-failure.ts';
import type { Heartbeat } from './heartbeat.ts';

export interface LeasePlan {
  readonly leasesDir: string;
  readonly issue: IssueRef;
  readonly heartbeat: Heartbeat;
  /** How long it waits for the attempt before. */
  readonly waitMs?: number;
}

const POLL_MS = 100;
/** A runner that has lost its run learns this with its next heartbeat. One that never does needs a person. */
const WAIT_MS = 15 * 60_000;
const SUFFIX = '.lease';

/** `work` must report every box that it starts. */
export async function withIssueLease<T>(
  plan: LeasePlan,
  work: (heartbeat: Heartbeat) => Promise<T>,
): Promise<T> {
  const lease = await taken(plan);
  try {
    return await work({ ...plan.heartbeat, onHolder: pid => lease.addHolder(pid) });
  } finally {
    lease.release();
  }
}

/** Removes the leases of runners that are gone, with all their boxes. */
export async function sweepLeases(leasesDir: string): Promise<void> {
  const names = await readdir(leasesDir).catch(() => []);
  for (const name of names.filter(one => one.endsWith(SUFFIX))) {
    const answer = acquireFileLock(join(leasesDir, name));
    if (answer.kind === 'acquired') answer.lock.release();
  }
}

async function taken({ leasesDir, issue, heartbeat, waitMs = WAIT_MS }: LeasePlan): Promise<FileLock> {
  const { owner, repo, number } = issue;
  const file = join(leasesDir, `${owner}.${repo}.${number}${SUFFIX}`);
  const endsAt = performance.now() + waitMs;
  let told = false;
  for (;;) {
    heartbeat.signal.throwIfAborted();
    const answer = acquireFileLock(file);
    if (answer.kind === 'acquired') return answer.lock;
    if (performance.now() > endsAt)
      throw new PermanentFailure(
        'RunnerFailed',
        `an earlier attempt of this issue still runs on this host, in process ${answer.pid}`,
      );
    if (!told)
      heartbeat.setDetails({ doing: 'waiting', text: 'an earlier attempt of this issue has not ended yet' });
    told = true;
    await delay(POLL_MS, undefined, { signal: heartbeat.signal });
  }
}
