/** The documented OpenCode example: its wrapper in the box, with a fake that has OpenCode's documented interface. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { chmod, copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandAdapter } from '../../src/agents/command/adapter.ts';
import { prose } from '../../simulator/model/scripts.ts';
import { openStage, type Stage } from '../model-gateway/support/gateway.ts';
import { runBoxed } from './support/boxed-run.ts';
import { aReport } from './support/task.ts';

const wrapper = fileURLToPath(new URL('../../docs/examples/opencode-agent.mjs', import.meta.url));
let stage: Stage;
let dir: string;
beforeEach(async () => {
  stage = await openStage({ script: prose });
  dir = await mkdtemp(join(tmpdir(), 'opencode-'));
  await chmod(dir, 0o755);
  await copyFile(wrapper, join(dir, 'opencode-agent.mjs'));
  await writeFile(
    join(dir, 'agent.sh'),
    '#!/bin/sh\nOPENCODE_BIN=/opt/agent/opencode exec node /opt/agent/opencode-agent.mjs\n',
    {
      mode: 0o755,
    },
  );
});
afterEach(async () => {
  await stage.close();
  await rm(dir, { recursive: true, force: true });
});

/** `opencode run`: newline-delimited events with type, timestamp and sessionID; `say` and `use` write one each. */
async function run(behaviour: string) {
  const fake = `#!/usr/bin/env node
    const event = (type, rest) => console.log(JSON.stringify({ type, timestamp: Date.now(), sessionID: 'ses_1', ...rest }));
    const say = text => event('text', { part: { type: 'text', text } });
    const use = (tool, title) => event('tool_use', { part: { type: 'tool', tool, state: { status: 'completed', title } } });
    const config = JSON.parse(process.env.OPENCODE_CONFIG_CONTENT), fs = require('node:fs'), args = process.argv.slice(2);
    const report = ${JSON.stringify(JSON.stringify(aReport()))};
    (async () => { ${behaviour} })();`;
  await writeFile(join(dir, 'opencode'), fake, { mode: 0o755 });
  const adapter = commandAdapter({
    ...{ name: 'opencode', command: '/opt/agent/agent.sh', args: [], needsModel: true },
    readOnlyMounts: [{ from: dir, to: '/opt/agent' }],
  });
  return await runBoxed({ stage, adapter });
}

test('OpenCode gets prompt, model and permissions; its tools are progress, its last message is the report', async () => {
  const { ending, progress, changed, usage } = await run(`
    event('step_start', {});
    if (args.join(' ').startsWith('run --format json --pure --title task --model openai/gpt-5.5 --file /run/agent/prompt.md -- ')) use('args', 'as documented');
    if (fs.readFileSync(args[9], 'utf8').includes('You work on one issue')) use('read', 'the prompt');
    const { baseURL, apiKey } = config.provider.openai.options;
    const body = { model: 'gpt-5.5', stream: true, store: false, input: [{ type: 'message', role: 'user', content: 'hello' }] };
    const answer = await fetch(baseURL + '/responses', { method: 'POST', headers: { authorization: 'Bearer ' + apiKey }, body: JSON.stringify(body) });
    await answer.text();
    use('model', String(answer.status));
    fs.writeFileSync('src/new.js', '');
    say('I have looked around.');
    say(report);`);
  expect(progress.map(({ text }) => text)).toEqual(['args: as documented', 'read: the prompt', 'model: 200']);
  expect(ending).toEqual({ kind: 'reported', report: aReport() });
  expect(changed).toEqual(['?? src/new.js']);
  expect(usage).toMatchObject({ requests: 1, refusals: 0 });
});

test('shell commands of OpenCode are reported as commands, other tools only as progress', async () => {
  const { commands, progress } = await run(`
    const ran = (command, exit, output) => event('tool_use', { part: { type: 'tool', tool: 'bash', callID: 'c' + exit,
      state: { status: 'completed', title: 'a test', input: { command }, output, metadata: { exit } } } });
    ran('npm test', 1, 'red'); use('read', 'a file'); ran('true', 0, '"'.repeat(500000)); say(report);`);
  expect(commands).toEqual([
    { id: 'c1', command: 'npm test', ended: { exitCode: 1, output: 'red' } },
    { id: 'c0', command: 'true', ended: { exitCode: 0, output: '"'.repeat(8_000) } },
  ]);
  expect(progress.map(({ text }) => text)).toEqual(['exit 1: npm test', 'read: a file', 'exit 0: true']);
});

test.each([
  ['a report in a code fence', "say('```json\\n' + report + '\\n```')", { kind: 'reported' }],
  ['prose', "say('All done.')", { kind: 'report-invalid', problem: 'not-json' }],
  [
    'a report with text around it',
    "say('Here it is: ' + report)",
    { kind: 'report-invalid', problem: 'not-json' },
  ],
  ['no message', '', { kind: 'no-report' }],
  [
    'a session error',
    "event('error', { error: { name: 'APIError', data: { message: 'no such model' } } }); process.exitCode = 1",
    { kind: 'crashed', detail: 'error: no such model' },
  ],
])('the ending of a run with %s is named', async (_, behaviour, ending) => {
  expect((await run(behaviour)).ending).toMatchObject(ending);
});

test('a missing opencode ends as could-not-start', async () => {
  await writeFile(join(dir, 'agent.sh'), '#!/bin/sh\nexec node /opt/agent/opencode-agent.mjs\n');
  const { ending } = await run('');
  expect(ending).toMatchObject({
    kind: 'could-not-start',
    detail: expect.stringContaining('cannot start opencode'),
  });
});
