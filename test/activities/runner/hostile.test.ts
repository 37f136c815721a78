/** An agent that refuses to end is killed with all its processes; an agent that searches for secrets finds none. */
import { detectTier } from '../../../src/box/detect.ts';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { ActivityCancellationDetails, ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { runnerActivities } from '../../../src/activities/runner.ts';
import { RUNNER_SHUTDOWN } from '../../../src/contracts/names.ts';
import { aReport } from '../../agents/support/task.ts';
import { providerKey } from '../../model-gateway/support/gateway.ts';
import { buildOnce } from '../support/changes.ts';
import { activityEnvironment, factOf, perform } from '../support/perform.ts';
import { processesWith, rareSeconds } from '../../box/support/processes.ts';
import { nothingLeft, stageRunner, until, type RunChange, type RunnerStage } from '../support/runner.ts';

const canary = 'canary-of-the-host-7d1f';
let stage: RunnerStage;
beforeAll(async () => {
  process.env.SIGNALBOX_TEST_CANARY = canary;
  stage = await stageRunner();
});
afterAll(async () => {
  delete process.env.SIGNALBOX_TEST_CANARY;
  await stage.end();
});
afterEach(async () => expect(await stage.leftovers()).toEqual(nothingLeft));

/** Ignores signals, and starts children that leave its session, lose their parent or start again. */
const clinging = (seconds: string) => `
  trap '' TERM INT HUP QUIT
  cat > /dev/null
  setsid bash -c "trap '' TERM HUP; sleep ${seconds}" &
  (setsid sleep ${seconds} > /dev/null 2>&1 < /dev/null &)
  (while :; do sleep ${seconds}; done) &
  while :; do sleep ${seconds}; done`;

type Cancel = (environment: ReturnType<typeof activityEnvironment>) => void;

/** Cancels the activity while the agent works; resolves to the activity's error. */
async function cancelled(cancel: Cancel): Promise<{ readonly error: unknown; readonly tookMs: number }> {
  const seconds = rareSeconds();
  const input = await stage.runInput();
  await stage.agent(clinging(seconds));
  const environment = activityEnvironment();
  const ended = environment.run(stage.activities.runAgent, input).then(
    fact => fact,
    (error: unknown) => error,
  );
  await until(async () => (await processesWith(seconds)).length >= 4);
  const cancelledAt = Date.now();
  cancel(environment);
  const error: unknown = await ended;
  expect(await processesWith(seconds)).toEqual([]);
  return { error, tookMs: Date.now() - cancelledAt };
}

describe('an agent that refuses to end is killed with all its processes', () => {
  test.each(['CANCELLED', 'TIMED_OUT'] as const)('when Temporal says %s', async reason => {
    const { error, tookMs } = await cancelled(environment => environment.cancel(reason));
    expect(error).toBeInstanceOf(CancelledFailure);
    expect(tookMs).toBeLessThan(5_000 + 2_000);
  });

  test('when the runner shuts down, which counts as a lost run', async () => {
    const details = new ActivityCancellationDetails({ workerShutdown: true });
    const { error } = await cancelled(environment => environment.cancel('WORKER_SHUTDOWN', details));
    expect(error).toBeInstanceOf(ApplicationFailure);
    expect(error).toMatchObject({ type: RUNNER_SHUTDOWN });
  });

  test('when the agent itself ends before them', async () => {
    const seconds = rareSeconds();
    await stage.agent(`cat > /dev/null; setsid nohup sleep ${seconds} > /dev/null 2>&1 &
      until pgrep -x sleep > /dev/null; do sleep 0.05; done; echo '${JSON.stringify(aReport({ outcome: 'no-change' }))}'`);
    expect(await factOf(stage.activities.runAgent, await stage.runInput())).toMatchObject({
      end: { ending: 'no-change' },
    });
    expect(await processesWith(seconds)).toEqual([]);
  });
});

test('a run sends heartbeats that show what the agent does', async () => {
  await stage.agent(
    `cat > /dev/null; echo reading the card >&2; sleep 4; echo '${JSON.stringify(aReport())}'`,
  );
  const environment = activityEnvironment();
  const heartbeats: unknown[] = [];
  environment.on('heartbeat', details => heartbeats.push(details));
  await environment.run(stage.activities.runAgent, await stage.runInput());
  expect(heartbeats[0]).toEqual({ doing: 'starting' });
  expect(heartbeats).toContainEqual({ doing: 'output', text: 'reading the card' });
});

test('a cancelled run does not wait for its fetch', async () => {
  const base = await stage.scheduler
    .person('acme')
    .pushCommit({ branch: 'main', message: 'new base', files: { 'new.txt': 'new\n' } });
  const hold = stage.scheduler.simulator.admin.hold({ path: 'git-upload-pack' }, 'before');
  const environment = activityEnvironment();
  const input = await stage.runInput({ base });
  const ended = environment.run(stage.activities.runAgent, input).then(
    fact => fact,
    (error: unknown) => error,
  );
  await hold.reached;
  environment.cancel();
  expect(await ended).toBeInstanceOf(CancelledFailure);
  hold.drop();
});

test('a verification in a box that cannot be started is RunnerFailed, not a failed check', async () => {
  const { plan, change } = await buildOnce(stage.scheduler, { 'src/card.js': 'export const card = 2;\n' });
  const { verifyChange } = runnerActivities({
    ...stage.ports,
    tier: await detectTier({ bubblewrapPath: '/bin/false' }),
  });
  const effect = { kind: 'verify-change' as const, ...plan, commit: change.commit, files: change.files };
  const input = { context: stage.scheduler.context(1), effect };
  expect((await perform(verifyChange, input)).ended).toMatchObject({ failure: 'RunnerFailed' });
  expect(await factOf(stage.activities.verifyChange, input)).toMatchObject({ type: 'verified' });
});

describe('secrets', () => {
  /** Prints where a secret is found; the patterns do not match themselves. */
  const search = `
    cat > /tmp/task
    pattern='canary-of-the-hos[t]|source-read-toke[n]|bot-toke[n]|${providerKey.slice(0, -1)}[${providerKey.slice(-1)}]'
    for file in /proc/[0-9]*/environ /proc/[0-9]*/cmdline; do
      tr '\\0' '\\n' < $file 2> /dev/null | grep -qE "$pattern" && echo "found in $file" >&2
    done
    grep -rlsE "$pattern" /ws /tmp /home /run /etc /opt /dev/shm /var 2> /dev/null | sed 's/^/found in /' >&2
    [ -n "$OPENAI_API_KEY" ] && echo "the run has its own token" >&2
    echo '${JSON.stringify(aReport({ outcome: 'no-change' }))}'`;

  const transcriptOf = async (change: RunChange): Promise<string> => {
    await stage.agent(search, { needsModel: true });
    const { end } = await factOf(stage.activities.runAgent, await stage.runInput(change));
    if (end.transcript === undefined) throw new Error('no transcript');
    return Buffer.from(await stage.ports.artifacts.get(end.transcript, 1_000_000)).toString('utf8');
  };

  test('of the host are not in the box; the positive control is found', async () => {
    const transcript = await transcriptOf({});
    expect(transcript).toContain('the run has its own token');
    expect(transcript).not.toContain('found in');
    expect(await transcriptOf({ lessons: [canary] })).toContain('found in /tmp/task');
  });
});
