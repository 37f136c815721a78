#!/usr/bin/env node
/**
 * OpenCode as a `command` agent of Signalbox: the task comes as JSON on standard input, `opencode run` does the work,
 * its last words go to standard output as the report, and what it does meanwhile to standard error.
 * Needs `needsModel: true`, and `opencode` in the box: on its PATH, or where OPENCODE_BIN says.
 */
import { spawn } from 'node:child_process';
import { json } from 'node:stream/consumers';
import { createInterface } from 'node:readline';

/** So that the line stays well below the 64 KiB that are read, however it is escaped. */
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

/** Nothing is looked for that only a network has, and nothing in the repository configures or instructs it. */
const switchedOff = Object.fromEntries(
  ['MODELS_FETCH', 'AUTOUPDATE', 'LSP_DOWNLOAD', 'PROJECT_CONFIG', 'CLAUDE_CODE', 'EXTERNAL_SKILLS'].map(
    name => [`OPENCODE_DISABLE_${name}`, 'true'],
  ),
);

const words = `Work on issue ${task.issue.number ?? task.issue.title} as the attached prompt says. Your last message is the report.`;
const opencode = spawn(
  OPENCODE_BIN ?? 'opencode',
  [
    // With a title nobody asks the model for one.
    ...['run', '--format', 'json', '--pure', '--title', 'task', '--model', `openai/${OPENAI_MODEL}`],
    ...['--file', SIGNALBOX_PROMPT_FILE, '--', words],
  ],
  {
    env: { ...process.env, ...switchedOff, OPENCODE_CONFIG_CONTENT: JSON.stringify(config) },
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
opencode.once('error', error => {
  process.stderr.write(`opencode cannot be started: ${error.message}\n`);
  // What shells exit with when a program cannot be run: Signalbox names the ending by it.
  process.exit(127);
});
/** @type {Promise<number | null>} */
const ended = new Promise(resolve => opencode.once('close', resolve));

let lastWords = '';
for await (const line of createInterface({ input: opencode.stdout })) {
  const { type, part, error } = eventOf(line);
  if (type === 'text') lastWords = part?.text ?? '';
  if (type === 'tool_use') tell(part);
  if (type === 'error') process.stderr.write(`error: ${error?.data?.message ?? error?.name ?? line}\n`);
}
const code = await ended;
// A report that is wrapped in a code fence is still the report; anything else around it is not.
process.stdout.write(lastWords.trim().replace(/^```(?:json)?\n([^]*)\n```$/, '$1'));
process.exitCode = code ?? 1;

/**
 * @typedef {{ input?: { command?: string }, title?: string, status?: string, output?: string, error?: string,
 *   metadata?: { exit?: number } }} ToolState
 * @typedef {{ text?: string, tool?: string, callID?: string, state?: ToolState }} Part
 * @typedef {{ type?: string, part?: Part, error?: { name?: string, data?: { message?: string } } }} OpencodeEvent
 */

/**
 * Commands of its shell in the form that the evidence lists; a tool call is reported when it has ended.
 * @param {Part} [part]
 */
function tell({ tool, callID, state } = {}) {
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
