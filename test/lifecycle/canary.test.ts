/** Searches the places of a complete life for secrets, in every encoding. Planted secrets are found in each place. */
import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { PERSON } from '../../demo/project.ts';
import type { Stage } from '../../demo/stage.ts';
import { connectTemporal, temporalSettings } from '../../src/client/temporal/connection.ts';
import { repositoryName } from '../../src/domain/issue-ref.ts';
import { projectIssue } from '../../simulator/project/history.ts';
import { searchable, type Writing, writings, written } from '../support/canary.ts';
import { withAgent } from './support/agent-stage.ts';
import { playLine } from './support/line.ts';
import { filesOf, historiesOf, postedOn, type Text } from './support/places.ts';
import { watchProcesses, type ProcessView } from './support/process-view.ts';

const LIMIT_MS = 150_000;
const issue = await projectIssue();

interface Planted {
  readonly secret: string;
  readonly writing: Writing;
}

/** One secret for each encoding, so that each match is unambiguous. Text that cannot contain NUL has no wide encoding. */
function planted(wide: boolean): readonly Planted[] {
  return writings
    .filter(writing => wide || writing !== 'wide')
    .map(writing => ({ secret: `ghp_${randomBytes(18).toString('hex')}`, writing }));
}

const textOf = (all: readonly Planted[]): string =>
  all.map(({ secret, writing }) => written(secret, writing)).join('\n');

/** Which secrets were found, in which encoding, and where. */
function findings(texts: readonly Text[], secrets: Readonly<Record<string, string>>): readonly string[] {
  return texts.flatMap(({ where, text }) => {
    const find = searchable(text);
    return Object.entries(secrets).flatMap(([name, secret]) =>
      find(secret).map(writing => `${name}, ${writing}, in ${where}`),
    );
  });
}

function expectFound(texts: readonly Text[], all: readonly Planted[]): void {
  for (const { secret, writing } of all) {
    const found = texts.some(({ text }) => searchable(text)(secret).includes(writing));
    expect([writing, found]).toEqual([writing, true]);
  }
}

test(
  'no secret reaches worker, processes, files, histories or posted text; planted ones are found in every encoding',
  async () => {
    const inIssue = planted(false);
    const inProcess = planted(false);
    const inFiles = { log: planted(true), artifact: planted(true), account: planted(true) };
    const inHistory = planted(false);
    const inComment = planted(false);
    const watch = watchProcesses();
    let life: Awaited<ReturnType<typeof placesOf>> | undefined;
    try {
      await playLine({
        stage: withAgent('words'),
        prepare: stage => putIntoIssue(stage, textOf(inIssue)),
        inspect: async stage => {
          const before = await placesOf(stage, watch.seen());
          expect(findings(before.all, before.secrets)).toEqual([]);
          await plantFiles(stage, inFiles);
          await plantHistory(stage, textOf(inHistory));
          stage.github.admin
            .as(PERSON, repositoryName(stage.issue))
            .comment(stage.issue.number, textOf(inComment));
          life = await withChild(textOf(inProcess), () => placesOf(stage, watch.seen()));
        },
        timeoutMs: LIMIT_MS - 20_000,
      });
    } finally {
      watch.stop();
    }
    if (life === undefined) throw new Error('inspect was never called');
    expectFound(life.worker, inIssue);
    expectFound(life.files, [...inFiles.log, ...inFiles.artifact, ...inFiles.account]);
    expectFound(life.histories, inHistory);
    expectFound(life.posted, inComment);
    for (const what of ['argv', 'environ'])
      expectFound(
        life.processes.filter(({ where }) => where.endsWith(what)),
        inProcess,
      );
    // Positive control: each holder has its own secret, so the places were really searched.
    expect(life.held).toEqual(
      ['gateway: webhookSecret', 'runner: sourceToken', 'scheduler: botToken', 'box: runToken'].sort(),
    );
  },
  LIMIT_MS,
);

/** Which process can have which secret in its environment. None is allowed in arguments. */
const HOLDERS: Readonly<Record<string, string>> = {
  scheduler: 'botToken',
  runner: 'sourceToken',
  gateway: 'webhookSecret',
  box: 'runToken',
};

async function placesOf(stage: Stage, views: readonly ProcessView[]) {
  const secrets: Readonly<Record<string, string>> = { ...stage.secrets, runToken: runTokenOf(stage) };
  const files = await filesOf(stage);
  const histories = await historiesOf(stage);
  const posted = await postedOn(stage);
  const held = new Set<string>();
  const processes = views.map(({ owner, what, text }) => {
    const own = HOLDERS[owner];
    const secret = what === 'environ' && own !== undefined ? secrets[own] : undefined;
    if (secret === undefined || !text.includes(secret)) return { where: `${owner} ${what}`, text };
    held.add(`${owner}: ${own ?? ''}`);
    return { where: `${owner} ${what}`, text: text.replaceAll(secret, '') };
  });
  return {
    ...{ secrets, files, histories, posted, processes },
    worker: workerView(files),
    held: [...held].sort(),
    all: [...files, ...histories, ...posted, ...processes],
  };
}

/** The agent sent its token to the model, in two halves. No other place has it. */
function runTokenOf(stage: Stage): string {
  for (const { conversation } of stage.model.requests) {
    const [, first, second] = /^halves (\S+) (\S+)$/m.exec(conversation.prompt) ?? [];
    if (first !== undefined && second !== undefined) return first + second;
  }
  throw new Error('the agent did not send its token to the model');
}

/** The contents of the agent's box, which the agent printed to its transcript. */
function workerView(files: readonly Text[]): readonly Text[] {
  const pieces = files
    .filter(({ where }) => where.includes('/artifacts/'))
    .flatMap(({ text }) => Array.from(text.matchAll(/^! view (\{.*\})$/gm), ([, json]) => json ?? ''))
    .map(json => JSON.parse(json) as { from: string; text: string });
  const froms = pieces.map(piece => piece.from);
  for (const place of ['/environ', '/cmdline', '/tmp/task', '/ws/', '/etc/passwd', '/run/agent/prompt.md'])
    expect(froms.some(from => from.includes(place))).toBe(true);
  return pieces.map(({ from, text }) => ({ where: `the box, ${from}`, text }));
}

function putIntoIssue(stage: Stage, text: string): void {
  const { number } = stage.issue;
  const person = stage.github.admin.as(PERSON, repositoryName(stage.issue));
  person.editIssue(number, { body: `${issue.body}\n\n## Notes\n\n${text}\n` });
}

async function plantFiles(stage: Stage, plants: Readonly<Record<string, readonly Planted[]>>): Promise<void> {
  const artifacts = join(stage.dataDir, 'artifacts', 'sha256', 'zz');
  await mkdir(artifacts, { recursive: true });
  const at = (name: string): string => textOf(plants[name] ?? []);
  await writeFile(join(artifacts, 'planted'), at('artifact'), 'latin1');
  await appendFile(join(stage.dataDir, 'logs', 'runner.log'), at('log'), 'latin1');
  await appendFile(join(stage.dataDir, 'mirrors', 'planted'), at('account'), 'latin1');
}

/** Starts a workflow on a task queue without a worker; its history contains its arguments. */
async function plantHistory(stage: Stage, text: string): Promise<void> {
  const temporal = await connectTemporal(temporalSettings({ TEMPORAL_ADDRESS: stage.stack.temporalAddress }));
  try {
    const options = { taskQueue: 'nobody', workflowId: 'planted', args: [text] };
    const handle = await temporal.client.workflow.start('planted', options);
    await handle.terminate('planted for the test');
    const seen = async (): Promise<boolean> => {
      for await (const { workflowId } of temporal.client.workflow.list())
        if (workflowId === 'planted') return true;
      return false;
    };
    while (!(await seen())) await new Promise(resolve => setTimeout(resolve, 50));
  } finally {
    await temporal.close();
  }
}

/** Runs a child process with the text in its arguments and environment while `work` runs. */
async function withChild<T>(text: string, work: () => Promise<T>): Promise<T> {
  const child = spawn('sh', ['-c', 'read line', text], {
    env: { PLANTED: text },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  try {
    await new Promise(resolve => child.once('spawn', resolve));
    return await work();
  } finally {
    child.kill('SIGKILL');
  }
}
