/** `simulate`: plays a scenario through the rules; a failing story names the act. */
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
  test.each(readdirSync(FOLDER))('%s plays to its end and meets its expectations', async file => {
    const ran = await cli(['simulate', file], { workingDirectory: FOLDER });
    expect([ran.code, ran.stderr]).toEqual([0, 'nothing was changed; this is what the rules would do\n']);
  });

  test('a story is the same in every play, and its JSON has every chapter', async () => {
    const play = () => cli(['simulate', 'rework.yml', '--json'], { workingDirectory: FOLDER });
    const played = await play();
    expect((await play()).stdout).toBe(played.stdout);
    const story = jsonOf(played) as { chapters: { act: string; records: { seq: number }[] }[] };
    expect(story).toMatchObject({ issue: 'acme/profile#12', stage: 'release-verified', hold: null });
    expect(story.chapters[0]?.act).toBe('start');
    const seqs = story.chapters.flatMap(({ records }) => records.map(({ seq }) => seq));
    expect(seqs).toEqual(seqs.map((_seq, index) => index + 1));
  });
});

describe('an act', () => {
  test.each([
    ['a manual merge', `${APPROVED}  - merge: { by: bob }`, '{ stage: release-verified }'],
    ['a removed label', '  - unlabel: ai', '{ stage: triage, hold: paused }'],
    ['a closed issue', '  - issue: closed', '{ stage: cancelled }'],
    [
      'an edit after an approval',
      '  - decide: { kind: approve, by: alice }\n  - edit: { title: Something else }',
      '{ hold: gate:start }',
    ],
    [
      'a closed pull request',
      `  - decide: { kind: approve, by: alice }\n  - close-pull-request: { by: bob }`,
      '{ stage: pr, hold: blocked }',
    ],
    [
      'a push by a person',
      '  - decide: { kind: approve, by: alice }\n  - push: { by: carol }',
      '{ stage: pr, hold: blocked }',
    ],
    [
      'a run that needs a human',
      '  - run: { ending: needs-human }\n  - decide: { kind: approve, by: alice }',
      '{ stage: working, hold: blocked }',
    ],
    [
      'an effect that fails permanently',
      '  - fail: { effect: push-commit, failure: BranchMoved, message: not ours }\n  - decide: { kind: approve, by: alice }',
      '{ hold: blocked }',
    ],
    [
      'a failing check',
      '  - run: { failing: [tests] }\n  - decide: { kind: approve, by: alice }',
      '{ hold: gate:publish }',
    ],
    [
      'a review that requests changes',
      '  - decide: { kind: approve, by: alice }\n  - review: { by: bob, state: changes-requested }',
      '{ stage: pr, hold: gate:merge }',
    ],
  ])('%s leads to the expected state', async (_what, story, expected) => {
    const policy =
      'policy: { merge: { by: person }, release: { signOffFromRisk: never }, verification: { commands: [{ name: tests, run: npm test }] } }\n';
    const ran = await simulate(`${story}\n  - expect: ${expected}\n`, policy);
    expect([ran.code, ran.stderr.split('\n').length]).toEqual([0, 2]);
  });

  test('a release waits for its deployment, then for the soak, and is then verified', async () => {
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

describe('a failure', () => {
  test('an unmet expectation exits with 1, names the act, and follows the story up to there', async () => {
    const ran = await simulate('  - wait: 1h\n  - expect: { stage: merged }\n');
    expect(ran.code).toBe(1);
    expectOneLine(ran, /act 2 \(expect: stage: merged\): expected the stage merged, but it is triage/);
    expect(ran.stdout).toContain('wait: 1h');
  });

  test('an act on a missing pull request exits with 1 and names the act', async () => {
    const ran = await simulate('  - merge: { by: bob }\n');
    expect(ran.code).toBe(1);
    expectOneLine(ran, /act 1 .*the story has no pull request at this point/);
  });

  test.each([
    ['an unknown act', '  - wait: 1h\n  - explode: now\n', /line 4: story\.1: unknown act/],
    [
      'an unknown decision',
      '  - decide: { kind: bless }\n',
      /line 3: story\.0\.decide\.kind: Invalid option/,
    ],
    ['a malformed duration', '  - wait: soon\n', /line 3: story\.0\.wait: expected a duration such as 90s/],
    ['a truncated file', '  - { wait: 1h\n', /line \d+: /],
  ])('%s is wrong usage, with its line', async (_what, story, says) => {
    const ran = await simulate(story);
    expect([ran.code, ran.stdout]).toEqual([2, '']);
    expectOneLine(ran, says);
  });

  test('an invalid policy is wrong usage, with its field', async () => {
    const ran = await simulate('  - wait: 1h\n', 'policy: { gates: { publish: never } }\n');
    expect(ran.code).toBe(2);
    expectOneLine(ran, /is not a valid scenario: policy\.gates\.publish: /);
  });

  test('a missing file is wrong usage', async () => {
    const ran = await cli(['simulate', 'nowhere.yml'], { workingDirectory: FOLDER });
    expect(ran.code).toBe(2);
    expectOneLine(ran, /cannot read nowhere\.yml/);
  });
});
