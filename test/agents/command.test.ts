/** Any executable as an agent, in the box: the task on stdin, the report on stdout, a model only with `needsModel`. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandAdapter, type CommandAgent } from '../../src/agents/command/adapter.ts';
import { checkCommand } from '../../src/agents/preflight.ts';
import { agentTaskSchema } from '../../src/contracts/agent-task.ts';
import { prose } from '../../simulator/model/scripts.ts';
import { openStage, type Stage } from '../model-gateway/support/gateway.ts';
import { runBoxed } from './support/boxed-run.ts';
import { aReport } from './support/task.ts';

let stage: Stage;
let dir: string;
beforeEach(async () => {
  stage = await openStage({ script: prose });
  dir = await mkdtemp(join(tmpdir(), 'command-'));
  await chmod(dir, 0o755);
});
afterEach(async () => {
  await stage.close();
  await rm(dir, { recursive: true, force: true });
});

async function agent(source: string, needsModel = false): Promise<CommandAgent> {
  const path = join(dir, 'agent.sh');
  await writeFile(path, `#!/bin/bash\n${source}\n`, { mode: 0o755 });
  return {
    name: 'house-agent',
    command: '/opt/agent/agent.sh',
    args: [],
    readOnlyMounts: [{ from: dir, to: '/opt/agent' }],
    needsModel,
  };
}

const reportText = JSON.stringify(aReport());

test('a command agent gets the task, changes files, and its report is the ending', async () => {
  const adapter = commandAdapter(
    await agent(
      `cat > task.json; echo reading >&2; head -3 "$SIGNALBOX_PROMPT_FILE" >&2; echo '${reportText}'`,
    ),
  );
  const { ending, changed, progress } = await runBoxed({ stage, adapter });
  expect(ending).toEqual({ kind: 'reported', report: aReport() });
  expect(changed).toEqual(['?? task.json']);
  expect(progress[0]).toEqual({ kind: 'output', text: 'reading' });
  expect(progress[1]?.text).toContain('You work on one issue');
});

test('the task on stdin matches the published schema, and the environment has nothing else', async () => {
  const adapter = commandAdapter(await agent(`cat >&2; echo '${reportText}'`));
  const { progress } = await runBoxed({ stage, adapter });
  expect(progress).toHaveLength(1);
  const launch = await adapter.prepare({
    task: agentTaskSchema.parse((await import('./support/task.ts')).aTask()),
    prompt: '',
    model: { name: '', baseUrl: '', token: '' },
    runDir: dir,
  });
  expect(agentTaskSchema.safeParse(JSON.parse(launch.stdin)).success).toBe(true);
  expect(launch.env).toEqual({
    SIGNALBOX_PROMPT_FILE: '/run/agent/prompt.md',
    PATH: '/opt/node/bin:/usr/local/bin:/usr/bin:/bin',
    HOME: '/home/agent',
  });
});

test('a command agent that needs a model uses the run’s token, under the same rules', async () => {
  const body = JSON.stringify({
    model: 'gpt-5.5',
    stream: true,
    store: false,
    input: [{ type: 'message', role: 'user', content: 'hello' }],
  });
  const adapter = commandAdapter(
    await agent(
      `node -e 'const ask = body => fetch(process.env.OPENAI_BASE_URL + "/responses", { method: "POST", headers: { authorization: "Bearer " + process.env.OPENAI_API_KEY }, body }).then(r => r.status);
      ask(process.argv[1]).then(async good => console.error(good, await ask(process.argv[1].replace("false", "true"))))' '${body}'; echo '${reportText}'`,
      true,
    ),
  );
  const { ending, usage, progress } = await runBoxed({ stage, adapter });
  expect(progress.map(({ text }) => text)).toEqual(['200 403']);
  expect(ending.kind).toBe('reported');
  expect(usage).toMatchObject({ requests: 1, refusals: 1 });
});

test('a line in the exact form of an event reports a command; any other line is log output', async () => {
  const event = (more: object) =>
    JSON.stringify({ signalbox: 'command', id: '1', command: 'npm test', ...more });
  const ended = { exitCode: 1, output: 'red' };
  const others = [
    event({ by: 'scheduler' }),
    event({ ended: { ...ended, exitCode: '0' } }),
    event({ signalbox: 'approve' }),
    ` ${event({})}`,
    `${event({})} and words`,
    event({ ended: { ...ended, output: 'x'.repeat(70_000) } }),
  ];
  await writeFile(join(dir, 'lines'), [event({}), event({ ended }), ...others, ''].join('\n'));
  const adapter = commandAdapter(await agent(`cat /opt/agent/lines >&2; echo '${reportText}'`));
  const { ending, commands, progress } = await runBoxed({ stage, adapter });
  expect(ending.kind).toBe('reported');
  expect(commands).toEqual([
    { id: '1', command: 'npm test' },
    { id: '1', command: 'npm test', ended },
  ]);
  expect(progress.slice(0, 2)).toEqual([
    { kind: 'command', text: '$ npm test' },
    { kind: 'command', text: 'exit 1: npm test' },
  ]);
  expect(progress.slice(2).map(({ kind }) => kind)).toEqual(others.map(() => 'output'));
});

test('a command that is not in the box ends as could-not-start', async () => {
  const adapter = commandAdapter({ ...(await agent('')), command: '/opt/agent/missing' });
  expect((await runBoxed({ stage, adapter })).ending).toMatchObject({ kind: 'could-not-start' });
});

test('the preflight reports a missing command with a fix', async () => {
  const { readOnlyMounts } = await agent('');
  const path = join(readOnlyMounts[0]?.from ?? '', 'agent.sh');
  expect(checkCommand(path)).toEqual({ ok: true, found: path });
  expect(checkCommand(`${path}.missing`)).toMatchObject({
    ok: false,
    fix: expect.stringContaining('chmod +x'),
  });
});
