#!/usr/bin/env node
/**
 * OpenCode as a `command` agent of Signalbox: the task comes as JSON on standard input, `opencode run` does the work,
 * its last words go to standard output as the report, and what it does meanwhile to standard error.
 * Needs `needsModel: true`, and `opencode` in the box: on its PATH, or where OPENCODE_BIN says.
 */
import { spawn } from 'node:child_process';
import { json } from 'node:stream/consumers';
import { createInterface } from 'node:readline';

const task = await json(process.stdin);
const { OPENAI_BASE_URL, OPENAI_API_KEY, OPENAI_MODEL, SIGNALBOX_PROMPT_FILE, OPENCODE_BIN } = process.env;

/** Nothing asks a person, nothing is shared or updated, and the only provider is the run's model gateway. */
const config = {
  autoupdate: false,
  share: 'disabled',
  permission: { edit: 'allow', bash: 'allow', webfetch: 'deny' },
  enabled_providers: ['openai'],
  provider: {
    openai: {
      options: { baseURL: OPENAI_BASE_URL, apiKey: OPENAI_API_KEY },
      models: { [OPENAI_MODEL]: {} },
    },
  },
};

const words = `Work on issue ${task.issue.number ?? task.issue.title} as the attached prompt says. Your last message is the report.`;
const opencode = spawn(
  OPENCODE_BIN ?? 'opencode',
  [
    ...['run', '--format', 'json', '--model', `openai/${OPENAI_MODEL}`],
    ...['--file', SIGNALBOX_PROMPT_FILE, '--', words],
  ],
  {
    env: { ...process.env, OPENCODE_CONFIG_CONTENT: JSON.stringify(config) },
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
opencode.once('error', error => {
  process.stderr.write(`opencode cannot be started: ${error.message}\n`);
  // What shells exit with when a program cannot be run: Signalbox names the ending by it.
  process.exit(127);
});
const ended = new Promise(resolve => opencode.once('close', (code, signal) => resolve({ code, signal })));

let lastWords = '';
for await (const line of createInterface({ input: opencode.stdout })) {
  const { type, part, error } = eventOf(line);
  if (type === 'text') lastWords = part?.text ?? '';
  if (type === 'tool_use')
    process.stderr.write(`${part?.tool}: ${part?.state?.title ?? part?.state?.status ?? ''}\n`);
  if (type === 'error') process.stderr.write(`error: ${error?.data?.message ?? error?.name ?? line}\n`);
}
const { code } = await ended;
// A report that is wrapped in a code fence is still the report; anything else around it is not.
process.stdout.write(lastWords.trim().replace(/^```(?:json)?\n([^]*)\n```$/, '$1'));
process.exitCode = code ?? 1;

function eventOf(line) {
  try {
    return JSON.parse(line) ?? {};
  } catch {
    return {};
  }
}
