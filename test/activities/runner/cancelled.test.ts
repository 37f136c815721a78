/** A cancelled run and a hostile run: no process survives the run, and the agent finds no credential. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { ActivityCancellationDetails, ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { RUNNER_SHUTDOWN } from '../../../src/contracts/names.ts';
import { aReport } from '../../agents/support/task.ts';
import { activityEnvironment, factOf } from '../support/perform.ts';
import { processesWith, rareSeconds } from '../../box/support/processes.ts';
import { nothingLeft, stageRunner, until, type RunnerStage } from '../support/runner.ts';

let stage: RunnerStage;
beforeAll(async () => void (stage = await stageRunner()));
afterAll(() => stage.end());
afterEach(async () => expect(await stage.leftovers()).toEqual(nothingLeft));

const report = `echo '${JSON.stringify(aReport())}'`;
/** Three processes: one of them in its own session, ignoring TERM, and orphaned. */
const familyOf = (seconds: string) => `
  cat > /dev/null; trap '' TERM
  (setsid bash -c "trap '' TERM; sleep ${seconds}; true" > /dev/null 2>&1 &)
  sleep ${seconds} & sleep ${seconds} &
  echo busy >&2`;

/** Starts the run and waits until its processes exist. */
async function started(seconds: string) {
  await stage.agent(`${familyOf(seconds)}\nwait; ${report}`);
  const environment = activityEnvironment();
  const heartbeats: unknown[] = [];
  environment.on('heartbeat', (details: unknown) => heartbeats.push(details));
  const ended = environment.run(stage.activities.runAgent, await stage.runInput()).then(
    fact => fact,
    (error: unknown) => error,
  );
  await until(async () => (await processesWith(seconds)).length >= 3);
  return { environment, ended, heartbeats };
}

describe('a run', () => {
  test.each(['CANCELLED', 'TIMED_OUT'] as const)(
    'that is %s ends as cancelled, with all its processes, after sending heartbeats',
    async reason => {
      const seconds = rareSeconds();
      const { environment, ended, heartbeats } = await started(seconds);
      environment.cancel(reason);
      expect(await ended).toBeInstanceOf(CancelledFailure);
      expect(await processesWith(seconds)).toEqual([]);
      expect(heartbeats.length).toBeGreaterThan(0);
    },
  );

  test('fails with RunnerShutdown when the runner is stopped, and does not count as cancelled', async () => {
    const seconds = rareSeconds();
    const { environment, ended } = await started(seconds);
    environment.cancel('WORKER_SHUTDOWN', new ActivityCancellationDetails({ workerShutdown: true }));
    const failure = await ended;
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ type: RUNNER_SHUTDOWN });
    expect(await processesWith(seconds)).toEqual([]);
  });

  test('that reports while its processes still run ends with all of them', async () => {
    const seconds = rareSeconds();
    await stage.agent(`${familyOf(seconds)}\nfalse; ${report}`);
    const { end } = await factOf(stage.activities.runAgent, await stage.runInput());
    expect(end.ending).toBe('patch');
    expect(await processesWith(seconds)).toEqual([]);
  });
});

describe('a hostile agent', () => {
  const transcriptOf = async (script: string, needsModel = false) => {
    await stage.agent(`cat > /dev/null; { ${script}\n} >&2 2>&1; ${report}`, { needsModel });
    const { end } = await factOf(stage.activities.runAgent, await stage.runInput());
    if (end.transcript === undefined) throw new Error('no transcript');
    return Buffer.from(await stage.ports.artifacts.get(end.transcript, 10_000_000)).toString('utf8');
  };

  test('finds no credential in its environment, in files, in processes or in the repository', async () => {
    const transcript = await transcriptOf(`
      env; cat /proc/[0-9]*/environ | tr '\\0' '\\n'; cat /proc/[0-9]*/cmdline | tr '\\0' '\\n'
      cat .git/config; grep -rhs -- '-token' /ws /tmp /home /run /etc /opt/agent
      ls /ws/../.. /var/lib /root`);
    // Positive control: the search does find the box's own environment.
    expect(transcript).toContain('SIGNALBOX_PROMPT_FILE=');
    expect(transcript).not.toMatch(/(source-read|bot|acme|alice|rita)-token|OPENAI_API_KEY|GITHUB/);
  });

  test('reaches only the model, and only when it needs one', async () => {
    const { port } = new URL(stage.scheduler.simulator.apiUrl);
    const tries = `
      (echo > /dev/tcp/127.0.0.1/${port}) && echo github reached
      (echo > /dev/tcp/127.0.0.1/8080) && echo model reached`;
    expect(await transcriptOf(tries)).not.toMatch(/^! \w+ reached/m);
    const transcript = await transcriptOf(tries, true);
    expect(transcript).toMatch(/^! model reached/m);
    expect(transcript).not.toMatch(/^! github reached/m);
  });
});
