#!/usr/bin/env node
/**
 * OpenCode as a `command` agent of Signalbox. It reads the task as JSON from standard input, runs `opencode run`,
 * writes progress to standard error, and writes OpenCode's last message to standard output as the report.
 * Needs `needsModel: true`, and `opencode` in the box: on its PATH, or at the path in OPENCODE_BIN.
 */
import { spawn } from 'node:child_process';
import { json } from 'node:stream/consumers';
import { createInterface } from 'node:readline';

/** Keeps an event line below 64 KiB, the longest that Signalbox reads, however its characters are escaped. */
const OUTPUT_CHARS_MAX = 8_000;

/** @type {{ issue: { number?: number, title: string } }} */
const task = /** @type {any} */ (await json(process.stdin));
const {
  OPENAI_BASE_URL,
  OPENAI_API_KEY,
  OPENAI_MODEL = '',
  SIGNALBOX_PROMPT_FILE = '',
  OPENCODE_BIN,
} = process.env;

/** No questions to a person, no sharing, no updates; the only provider is the run's model gateway. */
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

/** Disables network look-ups, and all configuration and instructions in the repository. */
const switchedOff = Object.fromEntries(
  ['MODELS_FETCH', 'AUTOUPDATE', 'LSP_DOWNLOAD', 'PROJECT_CONFIG', 'CLAUDE_CODE', 'EXTERNAL_SKILLS'].map(
    name => [`OPENCODE_DISABLE_${name}`, 'true'],
  ),
);

const message = `Work on issue ${task.issue.number ?? task.issue.title} as the attached prompt says. Your last message is the report.`;
const opencode = spawn(
  OPENCODE_BIN ?? 'opencode',
  [
    // With a title, OpenCode does not ask the model for one.
    ...['run', '--format', 'json', '--pure', '--title', 'task', '--model', `openai/${OPENAI_MODEL}`],
    ...['--file', SIGNALBOX_PROMPT_FILE, '--', message],
  ],
  {
    env: { ...process.env, ...switchedOff, OPENCODE_CONFIG_CONTENT: JSON.stringify(config) },
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
opencode.once('error', error => {
  process.stderr.write(`cannot start opencode: ${error.message}\n`);
  // Signalbox reads 127 as "could not start", as shells do.
  process.exit(127);
});
/** @type {Promise<number | null>} */
const ended = new Promise(resolve => opencode.once('close', resolve));

let lastMessage = '';
for await (const line of createInterface({ input: opencode.stdout })) {
  const { type, part, error } = eventOf(line);
  if (type === 'text') lastMessage = part?.text ?? '';
  if (type === 'tool_use') reportTool(part);
  if (type === 'error') process.stderr.write(`error: ${error?.data?.message ?? error?.name ?? line}\n`);
}
const code = await ended;
// Removes a code fence around the report. A report with any other text around it stays invalid.
process.stdout.write(lastMessage.trim().replace(/^```(?:json)?\n([^]*)\n```$/, '$1'));
process.exitCode = code ?? 1;

/**
 * @typedef {{ input?: { command?: string }, title?: string, status?: string, output?: string, error?: string,
 *   metadata?: { exit?: number } }} ToolState
 * @typedef {{ text?: string, tool?: string, callID?: string, state?: ToolState }} Part
 * @typedef {{ type?: string, part?: Part, error?: { name?: string, data?: { message?: string } } }} OpencodeEvent
 */

/**
 * Reports a finished tool call: a shell command as an event for the evidence, any other tool as a line of progress.
 * @param {Part} [part]
 */
function reportTool({ tool, callID, state } = {}) {
  const command = tool === 'bash' ? state?.input?.command : undefined;
  if (state === undefined || command === undefined) {
    process.stderr.write(`${tool ?? 'a tool'}: ${titleOf(state)}\n`);
    return;
  }
  const event = {
    signalbox: 'command',
    id: callID ?? command.slice(0, 200),
    command: command.slice(0, 4_000),
    ended: endOf(state),
  };
  process.stderr.write(`${JSON.stringify(event)}\n`);
}

/** @param {ToolState} [state] */
function titleOf({ title, status } = {}) {
  return title ?? status ?? '';
}

/** @param {ToolState} state */
function endOf({ output, error, metadata }) {
  return { exitCode: metadata?.exit ?? null, output: (output ?? error ?? '').slice(0, OUTPUT_CHARS_MAX) };
}

/**
 * @param {string} line
 * @returns {OpencodeEvent}
 */
function eventOf(line) {
  try {
    return /** @type {OpencodeEvent | null} */ (JSON.parse(line)) ?? {};
  } catch {
    return {};
  }
}
