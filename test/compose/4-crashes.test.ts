/** Another life of the stack, decided by the CLI on the host: crashes of everything, and an upgrade while it is parked. */
import { expect, test } from '@jest/globals';
import { until } from '../support/until.ts';
import { hostCli, ISSUE } from './support/cli.ts';
import { containerOf, crash, inspect } from './support/containers.ts';
import { docker } from './support/docker.ts';
import { walk } from './support/line.ts';
import { personOf } from './support/person.ts';
import { compose, leftOfStack, setting } from './support/stack.ts';
import { upgradedImages } from './support/upgrade.ts';

/** By chapter of the issue's life: what is killed there, one after the other. */
const CRASHES: Readonly<Record<string, readonly string[]>> = {
  'triage at the start gate': ['temporal'],
  working: ['demo-model-gateway', 'demo-runner'],
  'pr at the merge gate': ['demo-scheduler'],
  'merged at the release gate': ['postgresql'],
};
/** It is parked there. */
const UPGRADE = 'triage at the start gate';
const DEMO = ['--profile', 'demo'];
const WITHOUT_PEOPLE = ['up', '--wait', '--no-build', '--scale', 'demo-people=0'];
/** GitHub stays as it is: the simulated one keeps its issues in memory. */
const UPGRADED = ['demo-scheduler', 'demo-runner', 'demo-model-gateway', 'demo-gateway', 'demo-source-relay'];
const HEALTHY_LIMIT_MS = 120_000;

test('`down --volumes` leaves nothing of the first life', async () => {
  expect(await leftOfStack()).not.toEqual([]);
  await compose('--profile', '*', 'down', '--volumes', '--timeout', '10');
  expect(await leftOfStack()).toEqual([]);
});

test('crashes of every process and an upgrade: one of each, and the issue is verified', async () => {
  await compose(...DEMO, ...WITHOUT_PEOPLE);
  const cli = await hostCli();
  const person = personOf(cli);
  await person.optIn();
  const chapters: string[] = [];
  const view = await walk({
    cli,
    person,
    onChapter: async chapter => {
      chapters.push(chapter);
      for (const service of CRASHES[chapter] ?? []) {
        const startedAt = await crash(service);
        await untilHealthyAgain(service, startedAt);
      }
      if (chapter === UPGRADE) await upgrade();
    },
  });
  expect(view.stage).toBe('release-verified');
  expect(chapters).toEqual(expect.arrayContaining(Object.keys(CRASHES)));
  expect(await person.counts()).toEqual({ branches: 1, pullRequests: 1, merges: 1, statusComments: 1 });
  expect(await cli.run('audit', ISSUE, '--verify')).toMatchObject({ code: 0 });
});

/** The restart policy brings it back. */
async function untilHealthyAgain(service: string, startedAt: string): Promise<void> {
  await until(
    `${service} is healthy again`,
    async () => {
      const id = await containerOf(service).catch(() => undefined);
      if (id === undefined) return undefined;
      const { State } = await inspect(id);
      return State.StartedAt !== startedAt && State.Health?.Status === 'healthy' ? true : undefined;
    },
    HEALTHY_LIMIT_MS,
  );
}

async function upgrade(): Promise<void> {
  const before = await docker(['inspect', '--format', '{{.Image}}', await containerOf('demo-scheduler')]);
  const version = await upgradedImages(setting('SIGNALBOX_VERSION'));
  process.env['SIGNALBOX_VERSION'] = version;
  await compose(...DEMO, 'up', '--wait', '--no-build', '--no-deps', ...UPGRADED);
  const after = await docker(['inspect', '--format', '{{.Image}}', await containerOf('demo-scheduler')]);
  expect(after).not.toBe(before);
}
