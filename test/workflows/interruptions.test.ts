/** What comes in while something is under way: it is called off, its end is waited for, and what was sent is believed. */
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

test('cancelled during a run, the claim is given back only after the run is dead', async () => {
  const death = latch();
  const life = await beginRun({
    before: activity => (activity === 'runAgent' ? heartbeatUntilDead(death.opened) : undefined),
  });
  await life.decide({ kind: 'cancel', reason: 'wrong repository' });
  // The run was told, and has not died yet: that is what is waited for.
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

test('an issue that is edited during a run: the run is called off, and a new one is made for the new text', async () => {
  const never = latch();
  const life = await beginRun({
    before: (activity, input) =>
      activity === 'runAgent' && attemptOf(input) === 1 ? heartbeatUntil(never.opened) : undefined,
  });
  const before = (await life.view()).subject;
  const edited = `sha256:${'e'.repeat(64)}` as const;
  life.script.issue = { digest: edited };
  await life.poke();
  // The approval was for the old text: the start gate is asked again, and only then another run begins.
  const asked = await life.atGate('start');
  expect(asked.hold?.why.join()).toContain('holds no longer, since this changed: the issue text');
  expect(life.script.inputs['runAgent']).toHaveLength(1);
  expect(await life.to('merge')).toMatchObject({ runs: 2, run: { runId: 'g1-a2', ending: 'patch' } });
  expect(life.script.inputs['runAgent']).toMatchObject([
    { effect: { inputs: { subject: before } } },
    { effect: { inputs: { subject: edited } } },
  ]);
  const { log } = life.script;
  expect(log.indexOf('runAgent ended')).toBeLessThan(log.lastIndexOf('runAgent began'));
});

test('what was called off and happened all the same is believed: a merge that went through is a merge', async () => {
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

/** As an effect that was sent before it could be called off: it goes on to its end. */
async function beatUntilSent(sent: Promise<void>): Promise<void> {
  await heartbeatUntil(sent).catch(() => sent);
}

test('a decision during a look is taken at once, and nothing outward begins before the look is over', async () => {
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

test('a look that finds the pull request closed wins over the approval that came in during it', async () => {
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

test('telling people holds nothing up: while the projection is being written, the next effect begins', async () => {
  const written = latch();
  let slow = false;
  const life = await lives.begin({
    before: activity => (slow && activity === 'writeProjection' ? heartbeatUntil(written.opened) : undefined),
  });
  const { hold } = await life.atGate('start');
  slow = true;
  const projections = life.script.inputs['writeProjection']?.length ?? 0;
  await life.decide({ kind: 'escalate', reason: 'look', to: 'carol' });
  await life.when('tells people', () => (life.script.inputs['writeProjection']?.length ?? 0) > projections);
  await life.decide({ kind: 'resume' });
  await life.decide({ kind: 'approve', digest: hold?.digest ?? '' });
  await life.atGate('merge');
  expect(life.script.log.filter(entry => entry === 'writeProjection ended')).toHaveLength(projections);
  written.open();
  expect(await life.toEnd()).toMatchObject({ stage: 'release-verified' });
});

test('upkeep that fails for good holds, with the mend; a poke tries it again', async () => {
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
    'tells people',
    () => life.script.log.filter(entry => entry === 'writeProjection began').length > 1,
  );
});
