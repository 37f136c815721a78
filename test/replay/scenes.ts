/** The lives whose histories are kept: led on a real server, by `npm run record-history`. */
import { ApplicationFailure } from '@temporalio/common';
import { LONG_WAIT, RUNNER_SHUTDOWN } from '../../src/contracts/names.ts';
import { digestOf } from '../../src/domain/digest.ts';
import { heartbeatUntil } from '../client/temporal/script.ts';
import { latch } from '../workflows/support/latch.ts';
import { type Life, policyWith } from '../workflows/support/life.ts';

export interface Scene {
  /** Leads the life to where its history is taken; it may still be open then. */
  readonly play: (life: Life) => Promise<unknown>;
  /** On a server that asks for a new run early: the history before it, or that of the run after it. */
  readonly continues?: 'before' | 'after';
}

const allGates = policyWith({
  gates: '{ publish: always }',
  release: '{ verify: merge, soak: 300ms, signOffFromRisk: low, owner: alice }',
});

/** The names are those of the files. */
export const SCENES: Readonly<Record<string, Scene>> = {
  'every-gate-to-release-verified': {
    play: async life => {
      await life.begin({ policy: allGates });
      await life.atGate('start');
      await life.signal('approve', { digest: 'abcdef012345', by: 'mallory' });
      await life.to('publish');
      await life.to('merge');
      await life.to('release');
      await life.toEnd();
    },
  },
  'rejected-reworked-and-parked': { play: rework },
  'commits-adopted': { play: adopted },
  'moved-below-a-head': { play: movedBelow },
  'edited-paused-and-lost': { play: interrupted },
  'called-on-each-rung': {
    play: async life => {
      const escalation = '{ remindAfter: 300ms, escalateAfter: 600ms, parkAfter: 900ms, to: lead }';
      await life.begin({
        policy: policyWith({ calls: '{ after: 100ms }', escalation }),
        calling: { webhook: true },
      });
      await life.when('has called to the last rung', ({ called }) => called?.rung === 'parked');
      await life.toEnd();
    },
  },
  'waits-for-a-deployment': {
    play: async life => {
      await life.begin({ policy: policyWith({ release: '{ verify: deployment, signOffFromRisk: never }' }) });
      const { hold } = await life.to('merge');
      await life.decide({ kind: 'approve', digest: hold?.digest ?? '' });
      await life.when('waits', ({ waitingOn }) => waitingOn === 'deployment');
      await life.poke();
      await settled(life);
    },
  },
  delivered: {
    play: async life => {
      await life.begin({ runs: [{ ending: 'analysis', summary: 'the cache is stale' }] });
      await life.atGate('start');
      await life.decide({ kind: 'set-mode', mode: 'analysis' });
      await life.toEnd();
    },
  },
  cancelled: {
    play: async life => {
      const never = latch();
      await life.begin({
        before: activity => (activity === 'runAgent' ? heartbeatUntil(never.opened) : undefined),
      });
      const { hold } = await life.atGate('start');
      await life.decide({ kind: 'approve', digest: hold?.digest ?? '' });
      await life.when('runs', ({ waitingOn }) => waitingOn === 'run-agent');
      await life.decide({ kind: 'cancel', reason: 'not needed' });
      await life.handle.result();
    },
  },
  left: {
    play: async life => {
      await life.begin();
      await life.atGate('start');
      life.script.gone = 'transferred';
      await life.poke();
      await life.handle.result();
    },
  },
  'delayed-and-tried-again': { play: delayed },
  'continued-before': { play: continued, continues: 'before' },
  'continued-after': {
    continues: 'after',
    play: async life => {
      await continued(life);
      await life.toEnd();
    },
  },
};

async function rework(life: Life): Promise<void> {
  const quick = '{ remindAfter: 200ms, escalateAfter: 400ms, parkAfter: 600ms, to: lead }';
  const crashed = { ending: 'crashed', summary: 'it crashed' } as const;
  await life.begin({ policy: policyWith({ escalation: quick }), runs: [crashed], concerns: ['no tests'] });
  await life.to('publish');
  await life.decide({ kind: 'reject', reason: 'add a test' });
  await life.held('blocked');
  await life.decide({ kind: 'retry' });
  await life.to('merge');
  await life.decide({ kind: 'escalate', reason: 'who owns this?', to: 'carol' });
  await life.when('is parked', ({ rung }) => rung === 'parked');
  await settled(life);
}

/** A limit of GitHub ends on its own, another one is lifted by a person; a comment is late. */
async function delayed(life: Life): Promise<void> {
  const limits = new Map([
    ['claimBranch', 300],
    ['pushCommit', 3_600_000],
    ['writeProjection', 300],
  ]);
  await life.begin({
    before: activity => {
      const afterMs = limits.get(activity);
      if (afterMs === undefined) return;
      if (activity !== 'pushCommit') limits.delete(activity);
      throw ApplicationFailure.create({ type: LONG_WAIT, message: 'used up', details: [{ afterMs }] });
    },
  });
  const { hold } = await life.atGate('start');
  await life.decide({ kind: 'approve', digest: hold?.digest ?? '' });
  await life.held('delayed');
  await life.when('cannot push', ({ delays = [] }) => delays.some(delay => delay.startsWith('push-commit')));
  limits.delete('pushCommit');
  await life.decide({ kind: 'retry' });
  await life.to('merge');
  await life.toEnd();
}

/** First git cannot merge the branch that moved, then it can, and the approval is carried over. */
async function movedBelow(life: Life): Promise<void> {
  const approve = async (): Promise<string> => {
    const { hold } = await life.to('merge');
    return await life.decide({ kind: 'approve', digest: hold?.digest ?? '' });
  };
  await life.begin({ change: { patch: '1'.repeat(40) }, conflict: ['src/greeting.js'] });
  await life.to('merge');
  life.script.head = 'b'.repeat(40);
  await approve();
  await life.when('runs again', ({ runs }) => runs === 2);
  await life.to('merge');
  life.script.conflict = [];
  life.script.head = 'c'.repeat(40);
  await approve();
  await life.when('is verified', ({ stage }) => stage === 'release-verified');
}

/** A person's commits are on the branch when the merge is asked for; they are adopted and merged. */
async function adopted(life: Life): Promise<void> {
  const head = 'f0'.repeat(20);
  const commits = [{ id: head, by: 'ben', isSigned: true }];
  const authors = [{ name: 'Ben', email: 'ben@example.com' }];
  await life.begin({
    // From our push on, GitHub shows our commit again.
    before: activity => {
      if (activity === 'pushCommit') delete life.script.pullRequest;
    },
  });
  await life.to('merge');
  life.script.pullRequest = { head, foreign: { head, total: 1, commits, authors, isOnOurs: true } };
  await life.poke();
  await life.when('is held', ({ foreign }) => foreign?.head === head);
  await life.decide({ kind: 'adopt', head });
  await life.when('has adopted', ({ runs }) => runs === 2);
  await life.to('merge');
  await life.toEnd();
}

async function interrupted(life: Life): Promise<void> {
  const never = latch();
  let lost = true;
  await life.begin({
    before: async (activity, input) => {
      const { effect } = input as { readonly effect?: { readonly attempt?: number } };
      if (activity === 'runAgent' && (effect?.attempt ?? 0) < 3) await heartbeatUntil(never.opened);
      if (activity !== 'verifyChange' || !lost) return;
      lost = false;
      throw ApplicationFailure.nonRetryable('the runner stops', RUNNER_SHUTDOWN);
    },
  });
  const running = (): Promise<unknown> => life.when('runs', ({ waitingOn }) => waitingOn === 'run-agent');
  const approve = async (): Promise<void> => {
    const { hold } = await life.atGate('start');
    await life.decide({ kind: 'approve', digest: hold?.digest ?? '' });
  };
  await approve();
  await running();
  life.script.issue = { digest: digestOf('edited') };
  await life.poke();
  await approve();
  await running();
  await life.decide({ kind: 'pause' });
  await life.when(
    'has called it off',
    ({ run, hold }) => run?.ending === 'cancelled' && hold?.kind === 'paused',
  );
  await life.decide({ kind: 'resume' });
  await life.to('merge');
  await life.toEnd();
}

/** Needs a server that asks for a new run early. */
async function continued(life: Life): Promise<void> {
  await life.begin();
  await life.to('merge');
  const { runId } = await life.handle.describe();
  for (;;) {
    await life.poke();
    await settled(life);
    if ((await life.handle.describe()).runId !== runId) return;
  }
}

/** Nothing is under way any more. */
async function settled(life: Life): Promise<void> {
  let length = -1;
  for (;;) {
    const { historyLength, raw } = await life.handle.describe();
    if (historyLength === length && (raw.pendingActivities ?? []).length === 0) return;
    length = historyLength;
    await new Promise(resolve => setTimeout(resolve, 200));
  }
}
