/** Our draft is marked as ready for review: once, and only with the head whose checks have passed. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { EffectInput } from '../../../src/contracts/activities.ts';
import { repositoryName } from '../../support/github.ts';
import { perform } from '../support/perform.ts';
import { branchOf, newIssue } from '../support/scenes.ts';
import { limitedToken, stageScheduler, type SchedulerStage } from '../support/stage.ts';
import { testFaults } from '../support/sweep.ts';

let stage: SchedulerStage;
beforeAll(async () => void (stage = await stageScheduler()));
afterAll(() => stage.end());

type Input = EffectInput<'mark-ready'>;

async function drafted(): Promise<Input> {
  const issue = newIssue(stage);
  const branch = branchOf(issue);
  const files = { [`src/${issue}.js`]: `export const n = ${issue};\n` };
  const bot = stage.person('line-bot');
  const head = await bot.pushCommit({ branch, message: 'change', files });
  const { number } = await bot.openPull({ head: branch, base: 'main', title: 'T', draft: true });
  return { context: stage.context(issue), effect: { kind: 'mark-ready', number, head } };
}

const marked = async (input: Input, activities = stage.activities) =>
  await perform(activities.markReady, input);
const isDraft = ({ effect }: Input) =>
  stage.simulator.admin.repositories.get(repositoryName).issues.get(effect.number)?.pull?.draft;

testFaults({
  effect: 'mark-ready',
  stage: () => stage,
  arrange: async () => {
    const input = await drafted();
    return {
      perform: async () => {
        const { ended, repeated } = await marked(input);
        return { ended: 'fact' in ended ? { fact: { type: ended.fact.type } } : ended, repeated };
      },
      remains: async () => isDraft(input),
    };
  },
});

describe('marking a draft as ready', () => {
  test('what a person marked needs nothing', async () => {
    const input = await drafted();
    stage.person('alice').markReady(input.effect.number);
    expect((await marked(input)).ended).toEqual({ fact: { type: 'marked-ready', head: input.effect.head } });
  });

  test('another head is not marked', async () => {
    const input = await drafted();
    const { ended } = await marked({ ...input, effect: { ...input.effect, head: 'f'.repeat(40) } });
    expect(ended).toMatchObject({ stillFailing: 'HeadMoved' });
    expect(isDraft(input)).toBe(true);
  });

  test('without the permission, a person has to do it', async () => {
    const input = await drafted();
    const token = limitedToken(stage, { contents: 'read', pull_requests: 'write', metadata: 'read' });
    const reader = stage.withToken(token);
    expect((await marked(input, reader)).ended).toMatchObject({ failure: 'GitHubForbidden' });
    expect(isDraft(input)).toBe(true);
  });
});
