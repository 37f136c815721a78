/** Merges that GitHub makes, with real processes: its queue throws a change out and takes it again, and auto-merge waits for a review. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { Chapter } from '../../demo/follow.ts';
import { BOT, CI, PERSON } from '../../demo/project.ts';
import type { Stage } from '../../demo/stage.ts';
import type { Protection } from '../../simulator/github/model.ts';
import { repositoryName } from '../../src/domain/issue-ref.ts';
import { playLine } from './support/line.ts';

const LIMIT_MS = 240_000;
const demoPolicy = readFileSync(new URL('../../demo/policy.yml', import.meta.url), 'utf8');
const policyWith = (handOver: string) =>
  demoPolicy.replace('by: scheduler', `by: scheduler\n  handOver: ${handOver}`);

const as = (who: string, { github, issue }: Stage) => github.admin.as(who, repositoryName(issue));
const protect = ({ github, issue }: Stage, rules: Protection): void =>
  github.admin.repositories.protect(repositoryName(issue), 'main', rules);

/** Kills the scheduler at the next mutation of that name: before GitHub executes it, or after. */
async function killAt(stage: Stage, mutation: string, phase: 'before' | 'after'): Promise<number> {
  const path = new RegExp(`^/graphql ${mutation}$`);
  const held = stage.github.admin.hold({ method: 'POST', path, user: BOT }, phase);
  await held.reached;
  const killed = stage.stack.supervisor.kill('scheduler', 'SIGKILL');
  held.release();
  return killed === undefined ? 0 : 1;
}

function queuedIn({ github, issue }: Stage, number: number): boolean {
  const { pull } = github.admin.repositories.get(repositoryName(issue)).issues.get(number) ?? {};
  return pull?.queued !== undefined;
}

/** What the queue and the person do, one act for each time that the issue waits for it. */
class Queue {
  kills: Promise<number> = Promise.resolve(0);
  readonly done: string[] = [];

  readonly prepare = (stage: Stage): void => {
    protect(stage, { mergeQueue: true });
    this.kills = killAt(stage, 'EnqueuePull', 'before')
      .then(async sum => sum + (await killAt(stage, 'EnqueuePull', 'after')))
      .then(async sum => sum + (await killAt(stage, 'DequeuePull', 'after')));
  };

  readonly onChapter = async ({ view }: Chapter, stage: Stage): Promise<'wait' | undefined> => {
    const { hold, waitingOn, pullRequest } = view;
    const number = pullRequest?.number ?? 0;
    const isQueued = queuedIn(stage, number);
    if (waitingOn === 'merge' && isQueued) await this.#inQueue(stage, number);
    if (!isQueued) this.#outOfQueue(stage, hold?.kind);
    return hold !== null && hold.kind !== 'gate' ? 'wait' : undefined;
  };

  #outOfQueue(stage: Stage, hold: string | undefined): void {
    if (hold === 'blocked' && this.#first('retry'))
      as(PERSON, stage).comment(stage.issue.number, '/retry it was the network');
    if (hold === 'paused' && this.#first('resume')) as(PERSON, stage).comment(stage.issue.number, '/resume');
  }

  async #inQueue(stage: Stage, number: number): Promise<void> {
    if (this.#first('thrown out')) as(CI, stage).giveBack(number, 'FAILED_CHECKS');
    else if (this.done.includes('retry') && this.#first('pause'))
      as(PERSON, stage).comment(stage.issue.number, '/pause not today');
    else if (this.done.includes('resume') && this.#first('merged'))
      await as(CI, stage).mergeHandedOver(number);
  }

  #first(act: string): boolean {
    if (this.done.includes(act)) return false;
    this.done.push(act);
    return true;
  }
}

test(
  'a merge queue gets the approved head once each time, whoever is killed; what it throws out is a hold',
  async () => {
    const queue = new Queue();
    const { view, records, figures } = await playLine({
      timeoutMs: LIMIT_MS,
      stage: { policy: policyWith('queue') },
      prepare: queue.prepare,
      onChapter: queue.onChapter,
    });
    expect(view.stage).toBe('release-verified');
    expect(queue.done).toEqual(['thrown out', 'retry', 'pause', 'resume', 'merged']);
    expect(await queue.kills).toBe(3);
    expect(figures).toMatchObject({ branches: 1, pullRequests: 1, merges: 1, statusComments: 1 });
    const causes = records.map(({ cause }) => cause);
    const handed = causes.filter(cause => cause.startsWith("handed over to GitHub's merge queue"));
    expect(handed).toHaveLength(3);
    expect(causes).toContain("GitHub's merge queue gave it back: FAILED_CHECKS");
    expect(causes).toContain("taken back from GitHub's merge queue");
    expect(causes).toContain('what was merged is the verified tree');
    const merged = records.find(({ cause }) => cause === 'merged with the approved head');
    expect(merged).toMatchObject({ actor: { kind: 'person', login: PERSON }, judgement: 'engineering' });
  },
  LIMIT_MS,
);

test(
  'auto-merge merges when the rules of the branch are met, as the policy says how',
  async () => {
    const done: string[] = [];
    let kills: Promise<number> = Promise.resolve(0);
    const { view, figures, records } = await playLine({
      timeoutMs: LIMIT_MS,
      stage: { policy: policyWith('auto-merge').replace('by: scheduler', 'by: scheduler\n  method: squash') },
      prepare: stage => {
        protect(stage, { requiredApprovals: 2 });
        stage.github.admin.repositories.allowAutoMerge(repositoryName(stage.issue));
        kills = killAt(stage, 'EnableAutoMerge', 'after');
      },
      onChapter: async ({ view: { waitingOn, pullRequest } }, stage) => {
        if (waitingOn !== 'merge' || done.includes('merged')) return;
        done.push('merged');
        const number = pullRequest?.number ?? 0;
        as(CI, stage).review(number, 'APPROVED');
        await as(CI, stage).mergeHandedOver(number);
      },
    });
    expect(view.stage).toBe('release-verified');
    expect(await kills).toBe(1);
    expect(figures).toMatchObject({ branches: 1, pullRequests: 1, merges: 1 });
    const causes = records.map(({ cause }) => cause);
    expect(causes).toContain("handed over to GitHub's auto-merge");
    expect(causes).toContain('what was merged is the verified tree');
  },
  LIMIT_MS,
);
