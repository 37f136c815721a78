/**
 * Hostile trees that an agent may leave, exported from the box and built: each one is refused completely, or a person must
 * approve its path by name. The harmless counterparts, all together, are accepted.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { aReport } from '../../agents/support/task.ts';
import { fakeToken } from '../../git/corpus.ts';
import { leftBehind } from './left-behind-corpus.ts';
import { planOf } from '../support/changes.ts';
import { factOf, perform } from '../support/perform.ts';
import { stageRunner, type RunnerStage } from '../support/runner.ts';

let stage: RunnerStage;
beforeAll(async () => void (stage = await stageRunner()));
afterAll(() => stage.end());

/** The reasons of the refusal, or the protected paths that a person must approve; empty if the change became a commit. */
async function refusals(script: string, needsModel = false): Promise<readonly string[]> {
  const report = JSON.stringify(aReport({ outcome: 'patch' }));
  await stage.agent(
    `cat > /dev/null\nexport LC_ALL=C.UTF-8 HOME=/tmp\n(set -e\n${script}\n)\n[ $? -eq 0 ] || exit 9\necho '${report}'`,
    { needsModel },
  );
  const { end } = await factOf(stage.activities.runAgent, await stage.runInput());
  if (end.manifest === undefined) return [`${end.ending}: ${end.summary}`];
  const plan = await planOf(stage.scheduler, { 'src/card.js': 'x' });
  const effect = { kind: 'build-change' as const, ...plan, manifest: end.manifest };
  const { ended } = await perform(stage.scheduler.activities.buildChange, {
    context: stage.scheduler.context(1),
    effect,
  });
  if (!('fact' in ended)) throw new Error(JSON.stringify(ended));
  const { fact } = ended;
  if (fact.type === 'change-refused') return fact.refusals.map(({ path, reason }) => `${path}: ${reason}`);
  if (fact.type !== 'change-built') throw new Error(JSON.stringify(fact));
  return fact.change.protectedPaths.map(path => `asked: ${path}`);
}

test('the corpus has at least 40 trees', () => expect(leftBehind.length).toBeGreaterThanOrEqual(40));

let refused = 0;
test.each(leftBehind)('%s is refused or needs approval by name', async (...[, hostile, , why]) => {
  const reasons = await refusals(hostile);
  expect(reasons.join('\n')).toMatch(why);
  expect(reasons.join('\n')).not.toContain(fakeToken);
  refused += 1;
});

test('a change with the token of the run is refused; a part of the token is only text', async () => {
  const write = (token: string): string => `echo "const t = '${token}'" > src/t.js`;
  expect(await refusals(write('$OPENAI_API_KEY'), true)).toEqual([
    'change-refused: the change contains the run’s token',
  ]);
  expect(await refusals(write('${OPENAI_API_KEY:0:20}'), true)).toEqual([]);
});

test('the harmless counterparts are accepted, all together', async () => {
  const reasons = await refusals(leftBehind.map(([, , benign]) => `(${benign})`).join('\n'));
  const { length } = leftBehind;
  process.stdout.write(
    `trees left behind: ${length - refused} of ${length} hostile accepted, ${reasons.length} of ${length} benign refused\n`,
  );
  expect(reasons).toEqual([]);
});
