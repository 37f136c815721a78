/** Any executable as an agent: the task as JSON on stdin, the report as JSON on stdout, log output and command events on stderr. */
import { type AgentEvent, parseAgentEvent } from '../../contracts/agent-event.ts';
import {
  type AgentAdapter,
  type AgentCommandEvent,
  type AgentEnding,
  type AgentLaunch,
  type AgentProgress,
  type FinishedRun,
  type PrepareInput,
  shortText,
} from '../adapter.ts';
import { contextPackage } from '../context-package.ts';
import { endingFromOutside, exitText, failure, lastLine, reportEnding } from '../endings.ts';

export interface CommandAgent {
  readonly name: string;
  /** Path in the box. */
  readonly command: string;
  readonly args: readonly string[];
  /** Host directories that the executable needs, and their paths in the box. */
  readonly readOnlyMounts: readonly { readonly from: string; readonly to: string }[];
  /** Whether the run gets a model. If so, OPENAI_BASE_URL, OPENAI_API_KEY (the run's token) and OPENAI_MODEL are set in the box. */
  readonly needsModel: boolean;
}

export function commandAdapter(agent: CommandAgent): AgentAdapter {
  return {
    name: agent.name,
    needsModel: agent.needsModel,
    progressFrom: 'stderr',
    readOnlyMounts: agent.readOnlyMounts,
    prepare: input => Promise.resolve(launch(agent, input)),
    progressOf: progress,
    commandOf: commandEvent,
    finish: ending,
  };
}

/** The rendered prompt, for wrappers of other agent CLIs. */
const PROMPT_FILE = '/run/agent/prompt.md';

/** Paths in the box. `/opt/node` is the runner's own Node, for systems without one. */
const baseEnv = { HOME: '/home/agent', PATH: '/opt/node/bin:/usr/local/bin:/usr/bin:/bin' };

function launch(agent: CommandAgent, { task, model, prompt }: PrepareInput): AgentLaunch {
  const modelEnv = { OPENAI_BASE_URL: model.baseUrl, OPENAI_API_KEY: model.token, OPENAI_MODEL: model.name };
  return {
    command: agent.command,
    args: agent.args,
    env: { ...baseEnv, SIGNALBOX_PROMPT_FILE: PROMPT_FILE, ...(agent.needsModel ? modelEnv : {}) },
    stdin: `${JSON.stringify(task)}\n`,
    readOnlyMounts: agent.readOnlyMounts,
    files: { ...contextPackage(task), [PROMPT_FILE]: prompt },
  };
}

function progress(line: string): AgentProgress | undefined {
  const event = parseAgentEvent(line);
  if (event !== undefined) return { kind: 'command', text: shortText(eventText(event)) };
  return line.trim() === '' ? undefined : { kind: 'output', text: shortText(line) };
}

function eventText({ command, ended }: AgentEvent): string {
  return ended === undefined ? `$ ${command}` : `exit ${ended.exitCode ?? '?'}: ${command}`;
}

function commandEvent(line: string): AgentCommandEvent | undefined {
  const event = parseAgentEvent(line);
  if (event === undefined) return undefined;
  const { id, command, ended } = event;
  return { id, command, ...(ended === undefined ? {} : { ended }) };
}

function ending(run: FinishedRun): AgentEnding {
  const { exit } = run;
  if (exit.code === 0)
    return run.stdout.trim() === ''
      ? failure('no-message', 'the command wrote nothing to standard output')
      : reportEnding(run.stdout);
  const detail = lastLine(run.stderr);
  const outside = endingFromOutside(run, detail);
  if (outside !== undefined) return outside;
  // Shells and launchers exit with 126 or 127 when they cannot run a program.
  if (exit.code === 126 || exit.code === 127)
    return failure('bad-invocation', detail || 'the command is missing or not executable');
  return failure('crashed', detail || exitText(exit));
}
