/** News during an activity: the workflow cancels it, waits for its end, and accepts what has happened nevertheless. */
import { expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { heartbeatUntil, heartbeatUntilDead, type Script } from '../client/temporal/script.ts';
import { latch } from './support/latch.ts';
import type { Life } from './support/life.ts';
import { openLives } from './support/lives.ts';

const lives = openLives();

const attemptOf = (input: unknown): number | undefined =>
  (input as { readonly effect?: { readonly attempt?: number } }).effect?.attempt;

async function beginRun(script: Partial<Script>): Promise<Life> {
  const life = await lives.begin(script);
  const { hold } = await life.atGate('start');
  await life.decide({ kind: 'approve', digest: hold?.digest ?? '' });
  await life.when('runs', ({ waitingOn }) => waitingOn === 'run-agent');
  await life.when('has its runner', () => life.script.log.includes('runAgent began'));
  return life;
}

test('a cancel during a run releases the claim only after the run has ended', async () => {
  const death = latch();
  const life = await beginRun({
    before: activity => (activity === 'runAgent' ? heartbeatUntilDead(death.opened) : undefined),
  });
  await life.decide({ kind: 'cancel', reason: 'wrong repository' });
  // The run is cancelled but has not ended: the workflow waits for its end.
  await life.when(
    'waits for the end of the run',
    ({ stage, waitingOn }) => stage === 'cancelled' && waitingOn === 'effect',
  );
  await life.poke();
  await life.when('has heard the poke', ({ waitingOn }) => waitingOn === 'effect');
  expect(life.script.log).not.toContain('runAgent ended');
  expect(life.script.log).not.toContain('releaseClaim began');
  death.open();
  expect(await life.toEnd()).toMatchObject({ stage: 'cancelled', run: { ending: 'cancelled' } });
  const { log } = life.script;
  expect(log.indexOf('runAgent ended')).toBeLessThan(log.indexOf('releaseClaim began'));
});

test('an edit of the issue during a run cancels the run, and a new run gets the new text', async () => {
  const never = latch();
  const life = await beginRun({
    before: (activity, input) =>
      activity === 'runAgent' && attemptOf(input) === 1 ? heartbeatUntil(never.opened) : undefined,
  });
  const before = (await life.view()).subject;
  const edited = `sha256:${'e'.repeat(64)}` as const;
  life.script.issue = { digest: edited };
  await life.poke();
  // The approval was for the old text: another run starts only after a new approval at the start gate.
  const asked = await life.atGate('start');
  expect(asked.hold?.why.join()).toContain('is no longer valid; changed: the issue text');
  expect(life.script.inputs['runAgent']).toHaveLength(1);
  expect(await life.to('merge')).toMatchObject({ runs: 2, run: { runId: 'g1-a2', ending: 'patch' } });
  expect(life.script.inputs['runAgent']).toMatchObject([
    { effect: { inputs: { subject: before } } },
    { effect: { inputs: { subject: edited } } },
  ]);
  const { log } = life.script;
  expect(log.indexOf('runAgent ended')).toBeLessThan(log.lastIndexOf('runAgent began'));
});

test('a merge that succeeds although it was cancelled counts as merged', async () => {
  const sent = latch();
  const life = await lives.begin({
    before: activity => (activity === 'mergePullRequest' ? beatUntilSent(sent.opened) : undefined),
  });
  const { hold } = await life.to('merge');
  await life.decide({ kind: 'approve', digest: hold?.digest ?? '' });
  await life.when('merges', () => life.script.log.includes('mergePullRequest began'));
  await life.decide({ kind: 'pause' });
  await life.held('paused');
  sent.open();
  await life.when('is merged', ({ merge }) => merge !== null);
  expect((await life.view()).hold?.kind).toBe('paused');
  await life.decide({ kind: 'resume' });
  expect(await life.toEnd()).toMatchObject({ stage: 'release-verified' });
  expect(life.script.inputs['mergePullRequest']).toHaveLength(1);
});

/** Acts like a request that was sent before the cancellation: ignores the cancellation and runs to its end. */
async function beatUntilSent(sent: Promise<void>): Promise<void> {
  await heartbeatUntil(sent).catch(() => sent);
}

test('a decision during a look is accepted immediately, and no effect starts before the look has ended', async () => {
  const looked = latch();
  let slow = false;
  const life = await lives.begin({
    before: activity => (slow && activity === 'look' ? heartbeatUntil(looked.opened) : undefined),
  });
  const { hold } = await life.to('merge');
  slow = true;
  const looks = life.script.inputs['look']?.length ?? 0;
  await life.poke();
  await life.when('looks', () => (life.script.inputs['look']?.length ?? 0) > looks);
  await life.decide({ kind: 'approve', digest: hold?.digest ?? '' });
  const waiting = await life.when('waits for the look', ({ waitingOn }) => waitingOn === 'look');
  expect(waiting.hold).toBeNull();
  expect(life.script.log).not.toContain('mergePullRequest began');
  looked.open();
  expect(await life.toEnd()).toMatchObject({ stage: 'release-verified' });
});

test('a look that finds the pull request closed takes precedence over an approval that arrived during it', async () => {
  const looked = latch();
  let slow = false;
  const life = await lives.begin({
    before: activity => (slow && activity === 'look' ? heartbeatUntil(looked.opened) : undefined),
  });
  const { hold } = await life.to('merge');
  slow = true;
  life.script.pullRequest = { state: 'closed' };
  const looks = life.script.inputs['look']?.length ?? 0;
  await life.poke();
  await life.when('looks', () => (life.script.inputs['look']?.length ?? 0) > looks);
  await life.decide({ kind: 'approve', digest: hold?.digest ?? '' });
  looked.open();
  expect((await life.held('blocked')).hold?.why.join()).toContain('closed without a merge');
  expect(life.script.log).not.toContain('mergePullRequest began');
});

test('the next effect does not wait for a projection that is being written', async () => {
  const written = latch();
  let slow = false;
  const life = await lives.begin({
    before: activity => (slow && activity === 'writeProjection' ? heartbeatUntil(written.opened) : undefined),
  });
  const { hold } = await life.atGate('start');
  slow = true;
  const projections = life.script.inputs['writeProjection']?.length ?? 0;
  await life.decide({ kind: 'escalate', reason: 'look', to: 'carol' });
  await life.when('projects', () => (life.script.inputs['writeProjection']?.length ?? 0) > projections);
  await life.decide({ kind: 'resume' });
  await life.decide({ kind: 'approve', digest: hold?.digest ?? '' });
  await life.atGate('merge');
  expect(life.script.log.filter(entry => entry === 'writeProjection ended')).toHaveLength(projections);
  written.open();
  expect(await life.toEnd()).toMatchObject({ stage: 'release-verified' });
});

test('a permanent failure of upkeep blocks the issue with the fix; a retry repeats it', async () => {
  let forbidden = true;
  const life = await lives.begin({
    before: activity => {
      if (forbidden && activity === 'writeProjection')
        throw ApplicationFailure.nonRetryable('403', 'GitHubForbidden');
    },
  });
  expect((await life.held('blocked')).hold?.why.join()).toContain('project failed: 403');
  forbidden = false;
  await life.decide({ kind: 'retry' });
  await life.atGate('start');
  await life.when(
    'projects',
    () => life.script.log.filter(entry => entry === 'writeProjection began').length > 1,
  );
});
