/** The prompt of a run: the policy's template, instructions and files of the base, lessons of earlier attempts; stored exactly. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { filesNamed } from '../../../src/activities/runner/run-context.ts';
import { DEFAULT_PROMPT_TEMPLATE } from '../../../src/agents/prompt.ts';
import { nextStep } from '../../../src/domain/next-step.ts';
import type { RunEnd } from '../../../src/domain/state/work.ts';
import { aReport } from '../../agents/support/task.ts';
import { flow } from '../../domain/life/acts.ts';
import { policyOf } from '../../domain/life/fixtures.ts';
import { newGitHub } from '../../domain/life/github.ts';
import { World } from '../../domain/life/world.ts';
import { fakeToken } from '../../git/corpus.ts';
import { perform } from '../support/perform.ts';
import { nothingLeft, stageRunner, type RunChange, type RunnerStage } from '../support/runner.ts';

let stage: RunnerStage;
let base: string;
beforeAll(async () => {
  stage = await stageRunner();
  const files = {
    'docs/RULES.md': 'Rule one: {{contract}} is no placeholder here.\n',
    'docs/large.md': 'x'.repeat(70_000),
  };
  base = await stage.scheduler.person('acme').pushCommit({ branch: 'main', message: 'rules', files });
});
afterAll(() => stage.end());
afterEach(async () => expect(await stage.leftovers()).toEqual(nothingLeft));

const report = `echo '${JSON.stringify(aReport({ outcome: 'no-change' }))}'`;
const endOf = async (change: RunChange): Promise<RunEnd> => {
  const { ended } = await perform(stage.activities.runAgent, await stage.runInput(change));
  if ('fact' in ended) return ended.fact.end;
  throw new Error(JSON.stringify(ended));
};
const textOf = async (digest: RunEnd['prompt']): Promise<string> => {
  if (digest === undefined) throw new Error('the run left no such artifact');
  return Buffer.from(await stage.ports.artifacts.get(digest, 10_000_000)).toString('utf8');
};

describe('the prompt', () => {
  test('is stored byte for byte as the agent got it', async () => {
    await stage.agent(`cat > /dev/null; cat "$SIGNALBOX_PROMPT_FILE" >&2; ${report}`);
    const end = await endOf({});
    const given = (await textOf(end.transcript)).split('\n').filter(line => line.startsWith('! '));
    expect(`${given.map(line => line.slice(2)).join('\n')}\n`).toBe(await textOf(end.prompt));
  });

  test('uses the policy’s template instead of the default, and contains the rules of the base, not of the workspace', async () => {
    const prompt = `${DEFAULT_PROMPT_TEMPLATE}\nHouse style: no tabs.\n`;
    const policy = await stage.policyWith({ agent: { prompt, instructions: ['docs/RULES.md'] } });
    await stage.agent(`cat > /dev/null; echo 'Rule two: anything goes.' > docs/RULES.md; ${report}`);
    const first = await textOf((await endOf({ policy, base })).prompt);
    expect(first).toMatch(
      /From docs\/RULES\.md:\n```text\nRule one: \{\{contract\}\} is no placeholder here\./,
    );
    expect(first).toMatch(/House style: no tabs\.\n$/);
    // The previous agent tried to leave other rules.
    expect(await textOf((await endOf({ policy, base })).prompt)).not.toContain('Rule two');
    const plain = await textOf((await endOf({ base })).prompt);
    expect(plain).not.toMatch(/Rule one|House style/);
  });

  test.each([
    ['docs/GONE.md', /has no file docs\/GONE\.md/],
    ['docs/large.md', /docs\/large\.md has 70000 bytes/],
  ])('is not made when an instruction file of the policy is unusable: %s', async (path, why) => {
    const policy = await stage.policyWith({ agent: { instructions: [path] } });
    const { ended } = await perform(stage.activities.runAgent, await stage.runInput({ policy, base }));
    expect(ended).toMatchObject({ failure: 'PolicyInvalid', message: expect.stringMatching(why) });
  });

  test('of a later attempt contains the lessons of the earlier ones', async () => {
    const failing = { ending: 'no-report', path: 'a.ts', concern: false } as const;
    const world = new World(newGitHub({ policy: policyOf({ mode: 'auto-run' }), nextRun: failing }));
    flow(world);
    const after = (runs: number) => nextStep(withRuns(world, runs));
    expect(after(1)).toMatchObject({ effect: { kind: 'run-agent', attempt: 2 } });
    const { lessons, attempt } = (after(2) as { effect: { lessons: readonly string[]; attempt: number } })
      .effect;
    expect(lessons).toEqual([
      expect.stringMatching(/^attempt 1: no-report: /),
      expect.stringMatching(/^attempt 2: no-report: /),
    ]);
    await stage.agent(`cat > /dev/null; ${report}`);
    const prompt = await textOf((await endOf({ attempt, lessons })).prompt);
    expect(prompt).toContain('Attempt: 3');
    for (const lesson of lessons)
      expect(prompt).toContain(`From previous-attempt (scheduler):\n\`\`\`text\n${lesson}`);
    expect(await textOf((await endOf({})).prompt)).toContain('None: this is new work.');
  });
});

test('a token that a person quotes in feedback is not given to the model; the words around it are', async () => {
  await stage.agent(`cat > /dev/null; grep -rs . /run/agent/context >&2; ${report}`);
  const end = await endOf({ base, lessons: [`it leaks ${fakeToken} in the log`] });
  const [prompt, transcript] = [await textOf(end.prompt), await textOf(end.transcript)];
  for (const text of [prompt, transcript]) {
    expect(text).toContain('it leaks [secret] in the log');
    expect(text).not.toContain(fakeToken.slice(4));
  }
});

test('the box contains the task, the issue and the feedback as files, and the task names the policy’s context files', async () => {
  const policy = await stage.policyWith({ agent: { context: ['docs/RULES.md', 'docs/not-there.md'] } });
  await stage.agent(`cat > /dev/null; cd /run/agent/context; head -1 issue.md >&2; cat feedback.md >&2
    node -p 'JSON.stringify(JSON.parse(fs.readFileSync("task.json")).contextFiles)' >&2; touch new 2>&2; ${report}`);
  const end = await endOf({ policy, base, lessons: ['it was too slow'] });
  const transcript = await textOf(end.transcript);
  expect(transcript).toMatch(
    /! # The card is stale\n! ## From previous-attempt \(scheduler\)\n! \n! it was too slow\n/,
  );
  expect(transcript).toMatch(/! \["docs\/RULES\.md"\]/);
  expect(transcript).toMatch(/touch.*(Read-only|Permission denied)/);
});

describe('the files that a text names are found in', () => {
  const files = new Set(['src/card.js', 'README.md', 'LICENSE', 'src/a b.js', 'docs/a-b.md', 'src/card.jsx']);
  test.each([
    ['`src/card.js` and (README.md), then docs/a-b.md.', ['src/card.js', 'README.md', 'docs/a-b.md']],
    ['at ./src/card.js:12, twice: src/card.js', ['src/card.js']],
    ['The LICENSE, src, card.js, ../README.md and /etc/passwd are not named', []],
    ['https://example.com/src/card.js is an address', []],
    ['src/card.js.map and src/card.jsx', ['src/card.jsx']],
  ])('%s', (text, named) => {
    expect(filesNamed(text, files)).toEqual(named);
  });
});

/** The state after that many runs have ended. */
function withRuns(world: World, runs: number): World['state'] {
  const entries = Object.entries(world.state).filter(([name]) => name !== 'blocked');
  return { ...(Object.fromEntries(entries) as World['state']), runs: world.state.runs.slice(0, runs) };
}
