/** `simulate`: the rules alone, told as a story; a story that goes otherwise than expected says where. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { cli, expectOneLine, jsonOf, type Ran } from './support/cli.ts';

const FOLDER = fileURLToPath(new URL('../../../docs/scenarios/', import.meta.url));

const simulate = (story: string, head = '', flags: readonly string[] = []): Promise<Ran> =>
  cli(['simulate', '-', ...flags], { stdin: `issue: acme/profile#12\n${head}story:\n${story}` });

const APPROVED = `
  - decide: { kind: approve, by: alice }
  - decide: { kind: approve, by: alice }
`;

describe('the shipped scenarios', () => {
  test.each(readdirSync(FOLDER))('%s plays to its end as it expects', async file => {
    const ran = await cli(['simulate', file], { workingDirectory: FOLDER });
    expect([ran.code, ran.stderr]).toEqual([
      0,
      'nothing of this happened anywhere: it is what the rules say\n',
    ]);
  });

  test('a story is the same whenever it is told, and its JSON has every chapter', async () => {
    const tell = () => cli(['simulate', 'rework.yml', '--json'], { workingDirectory: FOLDER });
    const told = await tell();
    expect((await tell()).stdout).toBe(told.stdout);
    const story = jsonOf(told) as { chapters: { act: string; records: { seq: number }[] }[] };
    expect(story).toMatchObject({ issue: 'acme/profile#12', stage: 'release-verified', hold: null });
    expect(story.chapters[0]?.act).toBe('it begins');
    const seqs = story.chapters.flatMap(({ records }) => records.map(({ seq }) => seq));
    expect(seqs).toEqual(seqs.map((_seq, index) => index + 1));
  });
});

describe('what may happen', () => {
  test.each([
    ['a merge by hand', `${APPROVED}  - merge: { by: bob }`, '{ stage: release-verified }'],
    ['a label taken off', '  - unlabel: ai', '{ stage: triage, hold: paused }'],
    ['an issue that is closed', '  - issue: closed', '{ stage: cancelled }'],
    [
      'an edit under a given approval',
      '  - decide: { kind: approve, by: alice }\n  - edit: { title: Something else }',
      '{ hold: gate:start }',
    ],
    [
      'a pull request that is closed',
      `  - decide: { kind: approve, by: alice }\n  - close-pull-request: { by: bob }`,
      '{ stage: pr, hold: blocked }',
    ],
    [
      'a push by a person',
      '  - decide: { kind: approve, by: alice }\n  - push: { by: carol }',
      '{ stage: pr, hold: blocked }',
    ],
    [
      'a run that asks for a person',
      '  - run: { ending: needs-human }\n  - decide: { kind: approve, by: alice }',
      '{ stage: working, hold: blocked }',
    ],
    [
      'an effect that fails for good',
      '  - fail: { effect: push-commit, failure: BranchMoved, message: not ours }\n  - decide: { kind: approve, by: alice }',
      '{ hold: blocked }',
    ],
    [
      'a check that fails',
      '  - run: { failing: [tests] }\n  - decide: { kind: approve, by: alice }',
      '{ hold: gate:publish }',
    ],
    [
      'changes asked for in a review',
      '  - decide: { kind: approve, by: alice }\n  - review: { by: bob, state: changes-requested }',
      '{ stage: pr, hold: gate:merge }',
    ],
  ])('%s', async (_what, story, expected) => {
    const policy =
      'policy: { merge: { by: person }, release: { signOffFromRisk: never }, verification: { commands: [{ name: tests, run: npm test }] } }\n';
    const ran = await simulate(`${story}\n  - expect: ${expected}\n`, policy);
    expect([ran.code, ran.stderr.split('\n').length]).toEqual([0, 2]);
  });

  test('a release waits for its deployment, then for the soak, then is verified', async () => {
    const policy =
      'policy: { merge: { by: scheduler }, release: { verify: deployment, soak: 2h, signOffFromRisk: never }, verification: { commands: [{ name: tests, run: npm test }] } }\n';
    const story = `${APPROVED}
  - expect: { stage: merged, hold: none }
  - deploy: success
  - expect: { stage: merged }
  - wait: 3h
  - expect: { stage: release-verified }
`;
    expect(await simulate(story, policy)).toMatchObject({ code: 0 });
  });
});

describe('what goes wrong', () => {
  test('a story that comes to something else ends with 1 and names the act; what came before is told', async () => {
    const ran = await simulate('  - wait: 1h\n  - expect: { stage: merged }\n');
    expect(ran.code).toBe(1);
    expectOneLine(ran, /act 2 \(expect: stage: merged\): the story came to the stage triage, not merged/);
    expect(ran.stdout).toContain('wait: 1h');
  });

  test('a pull request that is not there yet is said', async () => {
    const ran = await simulate('  - merge: { by: bob }\n');
    expect(ran.code).toBe(1);
    expectOneLine(ran, /act 1 .*there is no pull request at this point/);
  });

  test.each([
    ['an unknown act', '  - wait: 1h\n  - explode: now\n', /line 4: story\.1: no act has this name/],
    [
      'an unknown decision',
      '  - decide: { kind: bless }\n',
      /line 3: story\.0\.decide\.kind: Invalid option/,
    ],
    ['a duration that is none', '  - wait: soon\n', /line 3: story\.0\.wait: a duration such as 90s/],
    ['half a file', '  - { wait: 1h\n', /line \d+: /],
  ])('%s is wrong usage, with its line', async (_what, story, says) => {
    const ran = await simulate(story);
    expect([ran.code, ran.stdout]).toEqual([2, '']);
    expectOneLine(ran, says);
  });

  test('a policy that cannot be used is wrong usage, with its field', async () => {
    const ran = await simulate('  - wait: 1h\n', 'policy: { gates: { publish: never } }\n');
    expect(ran.code).toBe(2);
    expectOneLine(ran, /is no scenario: policy\.gates\.publish: /);
  });

  test('a file that is not there is wrong usage', async () => {
    const ran = await cli(['simulate', 'nowhere.yml'], { workingDirectory: FOLDER });
    expect(ran.code).toBe(2);
    expectOneLine(ran, /nowhere\.yml cannot be read/);
  });
});
