/**
 * Plays the maintainer once, with nothing but GitHub: opens the issue, opts it in, approves the gates, deploys, and waits
 * for the verified release. With an address for its health it stays after that, healthy only then: `up --wait` waits for it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { projectIssue } from '../../simulator/project/history.ts';
import { CliError, EXIT } from '../../src/client/cli/exit.ts';
import type { Environment } from '../../src/config/environment.ts';
import { aborted } from '../../src/host/wait.ts';
import { gatekeeper } from '../gatekeeper.ts';
import { peopleWith } from '../people.ts';
import { type Moment, type Player, player } from '../play.ts';
import { PROJECT } from '../project.ts';
import { actsAt, type PersonsGitHub, personsGitHub } from './github-client.ts';
import { demoSettings, peopleSchema } from './settings.ts';
import { demoSignals, tell } from './signals.ts';
import { type Status, statusIn } from './status.ts';

const POLL_MS = 250;
const LAST_STAGE = 'release-verified';
const OTHER_ENDS = ['delivered', 'cancelled', 'left'];

export async function runPeople(environment: Environment, stop: AbortSignal): Promise<void> {
  const settings = demoSettings(peopleSchema, environment);
  const signals = await demoSignals('demo-people', settings);
  const github = personsGitHub(settings.GITHUB_API_URL, PROJECT, settings.DEMO_PERSON_TOKEN);
  let stage = 'not seen yet';
  signals.health.watch('demo-people', () => `the issue is in stage ${stage}`);
  const limitMs = settings.DEMO_TIMEOUT_SECONDS * 1_000;
  const limited = AbortSignal.any([stop, AbortSignal.timeout(limitMs)]);
  const issue = await eventually(() => openIssue(github), limited);
  for await (const status of play(github, issue, limited)) ({ stage } = status);
  if (stop.aborted) throw new CliError(EXIT.interrupted, 'stopped before the release was verified');
  if (stage !== LAST_STAGE)
    throw new CliError(EXIT.no, {
      what: `${PROJECT}#${issue} is in stage ${stage} after ${settings.DEMO_TIMEOUT_SECONDS} s, not ${LAST_STAGE}`,
      fix: `signalbox explain ${PROJECT}#${issue}`,
    });
  signals.ready();
  if (signals.url !== undefined) await aborted(stop);
  await signals.close();
}

/** Tries until it works: this service can start before GitHub does. Rejects with the last error when the signal aborts. */
async function eventually<T>(ask: () => Promise<T>, limit: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (limit.aborted) throw error;
      await delay(POLL_MS);
    }
  }
}

/** Finds the issue of an earlier start, or opens it. */
async function openIssue({ get, post }: PersonsGitHub): Promise<number> {
  const { title, body } = await projectIssue();
  const issues = (await get('/issues?state=all&per_page=100')) as readonly Listed[];
  const found = issues.find(one => one.title === title && one.pull_request === undefined);
  const { number } = found ?? ((await post('/issues', { title, body })) as Listed);
  tell(`${PROJECT}#${number}: ${title}`);
  return number;
}

interface Listed {
  readonly number: number;
  readonly title: string;
  readonly pull_request?: object;
}

/** Yields each new status until the issue ends or the signal aborts; prints one line for each stage and each gate. */
async function* play(github: PersonsGitHub, issue: number, limit: AbortSignal): AsyncGenerator<Status> {
  const people = peopleWith(actsAt(github), issue);
  await eventually(() => people.optIn(), limit);
  const cli = { stdout: process.stdout, stderr: process.stderr, signal: limit };
  const unasked = { ask: () => Promise.resolve(true), onFailure: () => undefined };
  const playing = player(people, gatekeeper<Moment>({ cli, people, flags: { yes: true }, ...unasked }));
  const startedAt = performance.now();
  let printed = '';
  while (!limit.aborted) {
    const status = await look(github, issue, playing).catch(onlyHolds);
    const line = status === undefined ? printed : lineOf(status);
    if (status !== undefined && line !== printed) {
      tell(`${((performance.now() - startedAt) / 1_000).toFixed(1).padStart(6)} s  ${line}`);
      yield status;
    }
    printed = line;
    if (status?.stage === LAST_STAGE || OTHER_ENDS.includes(status?.stage ?? '')) return;
    await delay(POLL_MS);
  }
}

async function look(
  { get }: PersonsGitHub,
  issue: number,
  playing: Player<Moment>,
): Promise<Status | undefined> {
  const comments = (await get(`/issues/${issue}/comments?per_page=100`)) as readonly {
    readonly body: string;
  }[];
  const status = statusIn(comments.map(({ body }) => body));
  if (status === undefined) return undefined;
  const { hold, merge, pullRequest: number } = status;
  const pull = number === undefined ? undefined : ((await get(`/pulls/${number}`)) as Pull);
  await playing.see({
    hold,
    merge: merge === undefined ? null : { commit: merge },
    pullRequest: pull === undefined ? null : { number: pull.number, head: pull.head.sha },
  });
  return status;
}

interface Pull {
  readonly number: number;
  readonly head: { readonly sha: string };
}

/** A request that failed is tried again in the next round; a hold that nobody here can answer ends the demo. */
function onlyHolds(error: unknown): undefined {
  if (error instanceof CliError) throw error;
}

function lineOf({ stage, hold }: Status): string {
  if (hold === null) return stage;
  return `${stage.padEnd(16)} ${hold.gate === undefined ? 'on hold' : `approves at the ${hold.gate} gate`}`;
}
