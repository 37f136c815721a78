/** The line of merges at the command line: `line`, and the place of an issue for `show` and `explain`. */
import { expect, test } from '@jest/globals';
import pc from 'picocolors';
import { answersOf } from '../../../src/client/cli/explain/answers.ts';
import { presentPlace } from '../../../src/client/cli/present-place.ts';
import { showLines } from '../../../src/client/cli/render/show.ts';
import type { KnownIssue } from '../../../src/client/temporal/look.ts';
import type { Life } from '../../workflows/support/life.ts';
import { openLives } from '../../workflows/support/lives.ts';
import { waitingIn } from '../../workflows/support/waiting.ts';
import { cli, jsonOf, type Ran } from './support/cli.ts';

const lives = openLives();
const waiting = waitingIn(lives);
const ask = async (...args: readonly string[]): Promise<Ran> =>
  await cli(args, { environment: lives.stage().environment });

/** What `show` and `explain` print once the wait is in the memo, which is half a minute later. */
async function shown({ number, view: viewNow }: Life): Promise<string> {
  const view = await viewNow();
  const known: KnownIssue = {
    ...{ kind: 'running', issue: `Acme/profile#${number}`, status: 'RUNNING', workflowId: 'w', runId: 'r' },
    ...{ startedAt: 0, pending: [], view },
  };
  const issue = { owner: 'Acme', repo: 'profile', number };
  const place = await presentPlace(lives.stage().temporal, issue, known);
  const lines = showLines(known, { paint: pc.createColors(false), now: 0 }, place);
  const facts = { known, view, facts: undefined, now: 0 };
  const answers = answersOf({ ...facts, ...(place === undefined ? {} : { place }) });
  return [...lines, ...answers.map(({ id, answer }) => `${id} ${answer}`)].join('\n');
}

test('line, show and explain say who waits for whom', async () => {
  const [first, second] = await waiting(2);
  const { stdout: table } = await ask('line', 'Acme/profile');
  expect(table).toMatch(/^into main\nPLACE +ISSUE +HEAD +APPROVED +TURN\n/);
  expect(table).toMatch(new RegExp(`\\n1 +#${first.number} .*\\n2 +#${second.number} .* waits\\n$`));
  expect(jsonOf(await ask('line', 'Acme/profile', '--json'))).toMatchObject({
    repository: 'Acme/profile',
    targets: [
      { target: 'main', places: [{ issue: first.number }, { issue: second.number, turnSince: null }] },
    ],
  });

  const place = `place 2 of 2 in the line of main, behind #${first.number}`;
  const turn = String.raw`its turn to be merged into main since \d{4}-\d\d-\d\d \d\d:\d\d UTC`;
  const text = await shown(second);
  expect(text).toMatch(new RegExp(`waiting on +${turn}`));
  expect(text).toMatch(new RegExp(`line +${place}`));
  expect(text).toMatch(new RegExp(`Q8 neither: it waits for ${turn}: ${place}`));
  expect(await shown(first)).toMatch(/line +place 1 of 2 in the line of main: its turn since /);

  first.release();
  await Promise.all([first.toEnd(), second.toEnd()]);
  expect(await shown(first)).not.toContain('in the line');
}, 60_000);

test('a line in which nobody waits is no error', async () => {
  expect(await ask('line', 'Acme/nobody')).toEqual({
    ...{ code: 0, stderr: '', stdout: 'Acme/nobody: no change waits to be merged\n' },
  });
});
