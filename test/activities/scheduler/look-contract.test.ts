/** The contract as a look reads it: with the headings of the policy, which also the agent's task has, and with the other text. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadIssue } from '../../../src/activities/stored.ts';
import type { ObservedIssue } from '../../../src/domain/observation.ts';
import { factOf } from '../support/perform.ts';
import { policyText, stageScheduler, type SchedulerStage } from '../support/stage.ts';

const HEADINGS = 'contract: { headings: { Erwartetes Verhalten: expected, Abbruch: stopConditions } }\n';
const BODY = 'Hallo zusammen\n\n### Erwartetes Verhalten\n\nEs geht.\n\n### Abbruch\n\n- nie\n';

let stage: SchedulerStage;
let plain: SchedulerStage;
beforeAll(async () => {
  stage = await stageScheduler({ policy: `${policyText}${HEADINGS}` });
  plain = await stageScheduler();
});
afterAll(async () => {
  await stage.end();
  await plain.end();
});

async function read(at: SchedulerStage, body: string): Promise<ObservedIssue> {
  const { number } = at.person('rita').openIssue({ title: 'One', body });
  const { issue } = await factOf(at.activities.look, {
    ...{ context: at.context(number), facets: ['issue'], commentsReadTo: 0, reviewsSeen: 0 },
  });
  if (issue === undefined || 'gone' in issue) throw new Error('no issue');
  return issue;
}

describe('headings of the policy', () => {
  test('name fields when the issue is read', async () => {
    const { contract } = await read(stage, BODY);
    expect(contract.missing).not.toContain('Expected');
    expect(contract.missing).not.toContain('Stop conditions');
    expect((await read(plain, BODY)).contract.missing).toEqual(
      expect.arrayContaining(['Expected', 'Stop conditions']),
    );
  });

  test('name the same fields in the task of the agent', async () => {
    const { digest } = await read(stage, BODY);
    expect(await loadIssue(stage.artifacts, digest, stage.policy)).toMatchObject({
      ...{ contract: { expected: 'Es geht.', stopConditions: ['nie'] }, other: 'Hallo zusammen' },
    });
    expect(await loadIssue(stage.artifacts, digest, plain.policy)).toMatchObject({
      ...{ contract: { expected: '', stopConditions: [] }, other: BODY.trim() },
    });
  });

  test('change nothing about the digest of the text', async () => {
    expect((await read(stage, BODY)).digest).toBe((await read(plain, BODY)).digest);
  });
});

test('the text outside of all fields is named, without what is hidden', async () => {
  const { contract } = await read(stage, `<!-- x -->\n${BODY}\n### Version\n\n22\n`);
  expect(contract.other).toEqual({ lines: 3, begins: 'Hallo zusammen ### Version 22' });
  expect((await read(stage, BODY.replace('Hallo zusammen', ''))).contract).not.toHaveProperty('other');
});
