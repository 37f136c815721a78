/** A life too long for one history: the workflow continues as new at rest and loses no state. */
import { expect, test } from '@jest/globals';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { auditProblem, newTrail } from '../../src/domain/audit.ts';
import { chainName } from '../../src/domain/begin.ts';
import type { ObservedCommand } from '../../src/domain/observation.ts';
import { until } from '../support/until.ts';
import { heartbeatUntil } from '../client/temporal/script.ts';
import { latch } from './support/latch.ts';
import { type Life, policyWith } from './support/life.ts';
import { openLives } from './support/lives.ts';

/** The server suggests continue-as-new after 40 events instead of 4,096: several times in each life. */
const lives = openLives({ dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': '40' } });

/** The number of workflow runs so far. */
async function runsOf(life: Life): Promise<number> {
  const { client } = lives.stage().temporal;
  let runs = 0;
  for await (const found of client.workflow.list({ query: `WorkflowId = '${life.handle.workflowId}'` }))
    if (found.workflowId === life.handle.workflowId) runs += 1;
  return runs;
}

const runIdOf = async (life: Life): Promise<string> => (await life.handle.describe()).runId;

/** Pokes until a new workflow run has started; but not while the history grows, because news delays a new run. */
async function continued(life: Life): Promise<void> {
  const before = await runIdOf(life);
  let length = 0;
  await until(`#${life.number} continues as new`, async () => {
    const { runId, historyLength } = await life.handle.describe();
    if (runId !== before) return true;
    if (historyLength === length) await life.poke();
    length = historyLength;
    return undefined;
  });
}

test('a new run keeps attempts, cost, the ladder, the audit and approvals', async () => {
  const crashed = { ending: 'crashed', usage: { inputTokens: 1, outputTokens: 1, costUsd: 2 } } as const;
  const policy = policyWith({ limits: '{ attempts: 2 }' });
  const life = await lives.begin({ policy, runs: [crashed, crashed, crashed] });
  await life.atGate('start');
  await continued(life);
  const { hold } = await life.atGate('start');
  await life.decide({ kind: 'approve', digest: hold?.digest ?? '' });
  const blocked = await life.held('blocked');
  await continued(life);
  const after = await life.held('blocked');
  expect(after).toMatchObject({ runs: 2, spentUsd: 4, heldSince: blocked.heldSince, hold: blocked.hold });
  expect(life.script.inputs['runAgent']).toHaveLength(2);
  // Exactly as many again: attempts from before the new run still count.
  await life.decide({ kind: 'retry' });
  expect(await life.atGate('merge')).toMatchObject({ runs: 4, spentUsd: 6.01 });
  await continued(life);
  expect(await life.toEnd()).toMatchObject({ stage: 'release-verified', runs: 4 });
  expect(await runsOf(life)).toBeGreaterThanOrEqual(4);
  const { issue, script } = life;
  expect(auditProblem(script.archived, newTrail(chainName({ issue, generation: 1 })).head)).toBeUndefined();
  expect(script.inputs['claimBranch']).toHaveLength(1);
  expect(script.inputs['openPullRequest']).toHaveLength(1);
});

test('a comment and an update from before the new run are not accepted again after it', async () => {
  const life = await lives.begin();
  await life.atGate('start');
  const pause: ObservedCommand = {
    commentId: 7,
    edited: false,
    request: { kind: 'pause' },
    author: { login: 'bob', type: 'User' },
    role: { kind: 'role', role: 'write' },
  };
  lives.stage().world.commands.set(life.number, [pause]);
  await life.poke();
  await life.held('paused');
  await life.decide({ kind: 'resume' }, { id: 'resumed-once' });
  await life.atGate('start');
  await continued(life);
  await life.poke();
  // Temporal deduplicates update ids only within one run; after that the state does.
  await life.decide({ kind: 'pause', reason: 'again' });
  await life.held('paused');
  expect(await life.refused({ kind: 'resume' }, { id: 'resumed-once' })).toMatchObject({ code: 'seen' });
  // The sender hears what it would have heard the first time.
  expect(await life.decide({ kind: 'resume' }, { id: 'resumed-once' })).toBe('/resume by alice');
  expect((await life.view()).hold?.kind).toBe('paused');
  const causes = (await life.records()).map(({ cause }) => cause);
  expect(causes.filter(cause => cause.startsWith('/pause'))).toEqual(['/pause', '/pause: again']);
});

test('every decision that arrives during continue-as-new is answered, and none is lost', async () => {
  const life = await lives.begin();
  await life.atGate('start');
  const first = await runIdOf(life);
  const owners = Array.from({ length: 40 }, (_, index) => `owner${index}`);
  const answers = await Promise.all(
    owners.map(to => life.decide({ kind: 'assign-release-owner', to }, { by: to })),
  );
  expect(answers).toEqual(owners.map(owner => `/assign-release-owner by ${owner}`));
  expect(await runIdOf(life)).not.toBe(first);
  const taken = await life.when('has taken them all', () => true);
  expect(owners).toContain(taken.releaseOwner);
  const records = (await life.records()).filter(({ cause }) => cause === '/assign-release-owner');
  expect(records).toHaveLength(owners.length);
});

test('decisions that arrive while the issue ends are accepted or refused, never left unanswered', async () => {
  const closed = latch();
  const life = await lives.begin({
    before: activity => (activity === 'closeIssue' ? heartbeatUntil(closed.opened) : undefined),
  });
  const { hold } = await life.to('merge');
  await life.decide({ kind: 'approve', digest: hold?.digest ?? '' });
  await life.when('closes', ({ waitingOn }) => waitingOn === 'close-issue');
  const answers = Array.from({ length: 20 }, (_, index) =>
    life.decide({ kind: 'escalate', reason: `${index}` }).then(() => 'taken', codeOf),
  );
  closed.open();
  // Never Temporal's own error that the workflow completed before the update.
  for (const answer of await Promise.all(answers))
    expect(['taken', 'ended', 'WorkflowNotFoundError']).toContain(answer);
});

function codeOf(error: unknown): string {
  if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure)
    return error.cause.type ?? '';
  return error instanceof Error ? error.name : String(error);
}

test('continue-as-new does not interrupt an agent run: it happens only at rest', async () => {
  const done = latch();
  const life = await lives.begin({
    before: activity => (activity === 'runAgent' ? heartbeatUntil(done.opened) : undefined),
  });
  const { hold } = await life.atGate('start');
  await life.decide({ kind: 'approve', digest: hold?.digest ?? '' });
  await life.when('runs', ({ waitingOn }) => waitingOn === 'run-agent');
  const before = await runIdOf(life);
  for (let pokes = 0; pokes < 12; pokes++) {
    await life.poke();
    await life.view();
  }
  expect((await life.handle.describe()).historyLength).toBeGreaterThan(60);
  expect(await runIdOf(life)).toBe(before);
  done.open();
  await life.atGate('merge');
  expect(life.script.inputs['runAgent']).toHaveLength(1);
  await until('a new run', async () => ((await runIdOf(life)) === before ? undefined : true));
});
