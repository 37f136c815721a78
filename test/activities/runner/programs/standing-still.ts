/**
 * A runner with one attempt of an issue in a box: `standing-still.ts LEASES_DIR READY_FILE HOW`. SECONDS is in the
 * environment, because the box is found by this word in the arguments of processes. Writes READY_FILE when the box runs
 * `sleep SECONDS`. Then its event loop stands still for ever (`still`), or goes on (`alive`).
 */
import { writeFileSync } from 'node:fs';
import { withIssueLease } from '../../../../src/activities/runner/issue-lease.ts';
import { detectTier } from '../../../../src/box/detect.ts';
import { runInBox } from '../../../../src/box/run.ts';
import { defaultLimits } from '../../../../src/box/spec.ts';
import { waitUntil } from '../../../../src/host/wait.ts';
import { processesWith } from '../../../box/support/processes.ts';

const [leasesDir = '', readyFile = '', how = ''] = process.argv.slice(2);
const { SECONDS: seconds = '' } = process.env;
const tier = await detectTier({ boxUid: 60_901 + (process.pid % 250) });
const heartbeat = { signal: new AbortController().signal, setDetails: () => undefined };
const issue = { owner: 'octo', repo: 'app', number: 7 };
await withIssueLease({ leasesDir, issue, heartbeat }, async ({ onHolder }) => {
  const box = runInBox(
    {
      ...{ command: 'sleep', args: [seconds], stdin: '', readOnlyMounts: [] },
      env: { PATH: '/usr/bin:/bin' },
      limits: defaultLimits,
    },
    { tier, onHolder },
  );
  await waitUntil(async () => (await processesWith(seconds)).length > 0, 20_000);
  writeFileSync(readyFile, 'ready\n');
  if (how === 'still') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  await box;
});
