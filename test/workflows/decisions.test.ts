/** Every kind of decision except at gates, through the real workflow: its effect, and when it is refused. */
import { expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { ObservedCommand } from '../../src/domain/observation.ts';
import { heartbeatUntil } from '../client/temporal/script.ts';
import { latch } from './support/latch.ts';
import { policyWith } from './support/life.ts';
import { openLives } from './support/lives.ts';

const lives = openLives();

test('escalate holds for the person it names, by update and by signal, until someone resumes', async () => {
  const life = await lives.begin();
  await life.atGate('start');
  await life.decide({ kind: 'escalate', reason: 'is this safe?', to: 'carol' });
  const held = await life.held('escalated');
  expect(held.hold).toMatchObject({ who: 'carol', why: ['alice: is this safe?'] });
  expect(await life.refused({ kind: 'approve', digest: 'abcdef012345' })).toMatchObject({
    code: 'wrong-gate',
  });
  await life.decide({ kind: 'resume' });
  await life.atGate('start');
  await life.signal('escalate', { reason: 'look again', to: 'dave', by: 'bob' });
  expect((await life.held('escalated')).hold).toMatchObject({ who: 'dave', why: ['bob: look again'] });
  expect(life.script.log).not.toContain('claimBranch began');
});

test('retry repeats the failed step after reading the policy again; it is refused while nothing has failed', async () => {
  let taken = true;
  const life = await lives.begin({
    before: activity => {
      if (activity === 'claimBranch' && taken)
        throw ApplicationFailure.nonRetryable('the branch is there already', 'BranchTaken');
    },
  });
  await life.atGate('start');
  expect((await life.refused({ kind: 'retry' })).message).toContain('nothing has failed');
  const { hold } = await life.view();
  await life.decide({ kind: 'approve', digest: hold?.digest ?? '' });
  const blocked = await life.held('blocked');
  expect(blocked.hold?.what).toContain('rename or delete it');
  expect(life.script.log).not.toContain('runAgent began');
  const policies = life.script.inputs['readPolicy']?.length ?? 0;
  taken = false;
  await life.decide({ kind: 'retry' });
  await life.atGate('merge');
  expect(life.script.inputs['readPolicy']?.length).toBeGreaterThan(policies);
});

test('pause cancels the current run; resume continues with another run', async () => {
  const never = latch();
  const life = await lives.begin({
    before: async (activity, input) => {
      const { effect } = input as { readonly effect?: { readonly attempt?: number } };
      if (activity === 'runAgent' && effect?.attempt === 1) await heartbeatUntil(never.opened);
    },
  });
  await life.to('start');
  const { hold } = await life.view();
  await life.decide({ kind: 'approve', digest: hold?.digest ?? '' });
  await life.when('runs', ({ waitingOn }) => waitingOn === 'run-agent');
  expect(await life.refused({ kind: 'resume' })).toMatchObject({ code: 'not-now' });
  expect(await life.refused({ kind: 'retry' })).toMatchObject({
    code: 'not-now',
    message: 'run-agent is in progress',
  });
  await life.decide({ kind: 'pause', reason: 'wait for the freeze' });
  expect((await life.held('paused')).hold?.why).toEqual(['wait for the freeze']);
  await life.when('has cancelled the run', ({ run }) => run?.ending === 'cancelled');
  expect(await life.refused({ kind: 'pause' })).toMatchObject({ code: 'not-now' });
  expect((await life.refused({ kind: 'retry' })).message).toContain('/resume first');
  await life.decide({ kind: 'resume' });
  // A cancelled run has not failed: it does not count against the attempts that the policy allows.
  expect(await life.to('merge')).toMatchObject({ runs: 2, run: { ending: 'patch' } });
});

test('set-mode turns the work into an analysis that ends with a report; it is refused once a pull request exists', async () => {
  const life = await lives.begin({ runs: [{ ending: 'analysis', summary: 'the cache is stale' }] });
  await life.atGate('start');
  expect(await life.refused({ kind: 'set-mode' })).toMatchObject({ code: 'not-now' });
  await life.decide({ kind: 'set-mode', mode: 'analysis' });
  expect(await life.toEnd()).toMatchObject({ stage: 'delivered', mode: 'analysis', branch: null });

  const open = await lives.begin();
  await open.to('merge');
  expect((await open.refused({ kind: 'set-mode', mode: 'spike' })).message).toContain('pull request already');
});

test('assign-release-owner lets only that person sign off, ignoring the case of the name', async () => {
  const signOff = policyWith({ release: '{ verify: merge, signOffFromRisk: low }' });
  const life = await lives.begin({ policy: signOff });
  await life.to('merge');
  expect(await life.refused({ kind: 'assign-release-owner' })).toMatchObject({ code: 'not-now' });
  await life.decide({ kind: 'assign-release-owner', to: 'Rita' });
  const { hold } = await life.to('release');
  expect(hold?.who).toBe('Rita');
  const yes = { kind: 'approve', digest: hold?.digest ?? '' } as const;
  expect(await life.refused(yes, { by: 'alice' })).toMatchObject({
    code: 'not-allowed',
    message: 'only the release owner, Rita, can decide',
  });
  expect(await life.refused({ kind: 'verify-release' }, { by: 'alice' })).toMatchObject({
    code: 'not-allowed',
  });
  await life.decide(yes, { by: 'rita' });
  expect(await life.toEnd()).toMatchObject({ stage: 'release-verified', releaseOwner: 'Rita' });
});

test('verify-release ends the wait for a deployment; it is refused before the merge', async () => {
  const policy = policyWith({ release: '{ verify: deployment, signOffFromRisk: never }' });
  const life = await lives.begin({ policy });
  await life.to('merge');
  expect((await life.refused({ kind: 'verify-release' })).message).toBe('nothing is merged yet');
  const { hold } = await life.view();
  await life.decide({ kind: 'approve', digest: hold?.digest ?? '' });
  await life.when('waits for the deployment', ({ waitingOn }) => waitingOn === 'deployment');
  expect((await life.refused({ kind: 'cancel' })).message).toContain('the change is merged');
  await life.decide({ kind: 'verify-release' });
  const ended = await life.toEnd();
  expect(ended).toMatchObject({ stage: 'release-verified' });
  expect(ended.closedAt).not.toBeNull();
  const record = (await life.records()).find(({ cause }) => cause === '/verify-release');
  expect(record).toMatchObject({ judgement: 'release' });
});

test('cancel ends an issue at the start gate, at the merge gate and when blocked, and releases only an unpublished claim', async () => {
  const atStart = await lives.begin();
  await atStart.atGate('start');
  await atStart.decide({ kind: 'cancel', reason: 'not needed' });
  expect(await atStart.toEnd()).toMatchObject({ stage: 'cancelled' });
  expect(atStart.script.log).not.toContain('releaseClaim began');

  const atPublish = await lives.begin({ concerns: ['no tests'] });
  await atPublish.to('publish');
  await atPublish.decide({ kind: 'reject' });
  await atPublish.held('blocked');
  await atPublish.decide({ kind: 'cancel' });
  expect(await atPublish.toEnd()).toMatchObject({ stage: 'cancelled' });
  expect(atPublish.script.log).toContain('releaseClaim ended');

  const atMerge = await lives.begin();
  await atMerge.to('merge');
  await atMerge.decide({ kind: 'cancel' });
  expect(await atMerge.toEnd()).toMatchObject({ stage: 'cancelled' });
  // With a pull request open, people decide whether to delete its branch.
  expect(atMerge.script.log).not.toContain('releaseClaim began');
  await expect(atMerge.decide({ kind: 'retry' })).rejects.toThrow(WorkflowNotFoundError);
});

test('no decision is possible before the policy is read; a decision from a source that the policy does not name is refused', async () => {
  const read = latch();
  const life = await lives.begin({
    policy: policyWith({ decisions: '{ sources: [github] }' }),
    before: activity => (activity === 'readPolicy' ? heartbeatUntil(read.opened) : undefined),
  });
  await life.when('runs', ({ waitingOn }) => waitingOn === 'read-policy');
  expect(await life.refused({ kind: 'pause' })).toMatchObject({ code: 'not-now' });
  read.open();
  const { hold } = await life.atGate('start');
  const digest = hold?.digest ?? '';
  expect(await life.refused({ kind: 'approve', digest })).toMatchObject({ code: 'not-allowed' });
  await life.signal('approve', { digest, by: 'alice' });
  await life.when(
    'refuses alice',
    ({ refusedDecision }) => refusedDecision?.includes('from github only') === true,
  );
  expect(life.script.log).not.toContain('claimBranch began');

  const command = (commentId: number, role: 'read' | 'write', edited = false): ObservedCommand => ({
    commentId,
    edited,
    request: { kind: 'approve', digest },
    author: { login: 'bob', type: 'User' },
    role: { kind: 'role', role },
    thread: life.number,
  });
  lives.stage().world.commands.set(life.number, [command(1, 'read'), command(2, 'write', true)]);
  await life.poke();
  await life.when('refuses bob', ({ refusedDecision }) => refusedDecision?.includes('edited') === true);
  expect(life.script.log).not.toContain('claimBranch began');
  lives.stage().world.commands.set(life.number, [command(3, 'write')]);
  await life.poke();
  await life.when('is past the gate', ({ hold: now }) => now?.gate !== 'start');
  // Of the three comments, only the refused one of someone who may decide is answered.
  expect(life.script.log.filter(entry => entry === 'writeReplies began')).toHaveLength(1);
});

test('a decision that is delivered twice counts once, and an unknown kind is refused', async () => {
  const life = await lives.begin();
  await life.atGate('start');
  const id = 'the-same-delivery';
  await life.decide({ kind: 'pause' }, { id });
  await life.held('paused');
  await life.decide({ kind: 'resume' });
  await life.atGate('start');
  expect(await life.decide({ kind: 'pause' }, { id })).toBe('/pause by alice');
  expect((await life.view()).hold?.gate).toBe('start');
  expect((await life.records()).filter(({ cause }) => cause === '/pause')).toHaveLength(1);
  const unknown = { kind: 'self-destruct' } as unknown as { readonly kind: 'pause' };
  expect(await life.refused(unknown)).toMatchObject({ code: 'not-now' });
});

test.each([
  ['an unknown mode', { kind: 'set-mode', mode: 'wild' }, {}],
  ['a mode that is no text', { kind: 'set-mode', mode: { name: 'spike' } }, {}],
  ['a digest that is no text', { kind: 'approve', digest: 7 }, {}],
  ['no request', null, {}],
  ['a name that is no text', { kind: 'pause' }, { by: 7 as unknown as string }],
])('an update with %s is refused by name, and the workflow goes on', async (_what, request, who) => {
  const life = await lives.begin();
  await life.atGate('start');
  const code = expect.stringMatching(/^(not-now|no-digest)$/) as unknown;
  expect(await life.refused(request as never, who)).toMatchObject({ code });
  await life.decide({ kind: 'set-mode', mode: 'spike' });
  expect(await life.view()).toMatchObject({ mode: 'spike', hold: { gate: 'start' } });
});
