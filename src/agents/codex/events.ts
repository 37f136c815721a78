/** Reads the JSONL events of `codex exec --json`: progress for people, and facts that decide the ending. All are the agent's claims. */
import { shortText, type AgentCommandEvent, type AgentProgress } from '../adapter.ts';

export interface CodexFacts {
  readonly started: boolean;
  readonly turnCompleted: boolean;
  /** The error that ended the turn, or the last error event. */
  readonly failure: string | undefined;
  readonly lastMessage: string | undefined;
  readonly commands: number;
  readonly commandsTheSandboxBroke: number;
}

/** The progress that one line reports; undefined when it reports none. */
export function codexProgress(line: string): AgentProgress | undefined {
  const event = eventOf(line);
  if (event === undefined) return undefined;
  if (event['type'] === 'thread.started') return { kind: 'started', text: 'agent started' };
  if (event['type'] === 'error') return { kind: 'warning', text: shortText(textOf(event['message'])) };
  const item = recordOf(event['item']);
  return item === undefined ? undefined : itemProgress(textOf(event['type']), item);
}

/** A command that keeps running in the background never gets an end event. */
export function codexCommand(line: string): AgentCommandEvent | undefined {
  const event = eventOf(line);
  const item = recordOf(event?.['item']);
  if (item?.['type'] !== 'command_execution') return undefined;
  const [id, command] = [textOf(item['id']), textOf(item['command'])];
  if (event?.['type'] === 'item.started') return { id, command };
  if (event?.['type'] !== 'item.completed') return undefined;
  const exitCode = typeof item['exit_code'] === 'number' ? item['exit_code'] : null;
  return { id, command, ended: { exitCode, output: textOf(item['aggregated_output']) } };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Reads the facts from the complete output. A truncated first line is skipped. */
export function codexFacts(stdout: string): CodexFacts {
  const facts: Mutable<CodexFacts> = {
    started: false,
    turnCompleted: false,
    failure: undefined,
    lastMessage: undefined,
    commands: 0,
    commandsTheSandboxBroke: 0,
  };
  for (const line of stdout.split('\n')) {
    const event = eventOf(line);
    if (event !== undefined) note(facts, event);
  }
  return facts;
}

function note(facts: Mutable<CodexFacts>, event: Record<string, unknown>): void {
  switch (event['type']) {
    case 'thread.started':
      facts.started = true;
      return;
    case 'turn.completed':
      facts.turnCompleted = true;
      return;
    case 'error':
      facts.failure = textOf(event['message']);
      return;
    case 'turn.failed':
      facts.failure = textOf(recordOf(event['error'])?.['message']);
      return;
    case 'item.completed':
      noteItem(facts, recordOf(event['item']) ?? {});
  }
}

function noteItem(facts: Mutable<CodexFacts>, item: Record<string, unknown>): void {
  if (item['type'] === 'agent_message') facts.lastMessage = textOf(item['text']);
  if (item['type'] !== 'command_execution') return;
  facts.commands += 1;
  if (sandboxBroke(item)) facts.commandsTheSandboxBroke += 1;
}

/** When a command never ran because its sandbox could not be set up, Codex still exits with 0. */
function sandboxBroke(item: Record<string, unknown>): boolean {
  return (
    item['exit_code'] !== 0 &&
    /^(bwrap: |sandbox|error.{0,40}(sandbox|landlock|seccomp))/im.test(
      textOf(item['aggregated_output']).slice(0, 2_000),
    )
  );
}

function itemProgress(event: string, item: Record<string, unknown>): AgentProgress | undefined {
  const completed = event === 'item.completed';
  switch (item['type']) {
    case 'command_execution':
      if (!completed) return { kind: 'command', text: shortText(`$ ${textOf(item['command'])}`) };
      return {
        kind: 'command',
        text: shortText(`exit ${numberOf(item['exit_code'])}: ${textOf(item['command'])}`),
      };
    case 'file_change':
      return completed ? { kind: 'files', text: shortText(changedFiles(item['changes'])) } : undefined;
    case 'agent_message':
      return { kind: 'message', text: shortText(textOf(item['text'])) };
    case 'reasoning':
      return { kind: 'thinking', text: shortText(textOf(item['text'])) };
    case 'todo_list':
      return { kind: 'plan', text: 'plan updated' };
    case 'error':
      return { kind: 'warning', text: shortText(textOf(item['message'])) };
    default:
      return undefined;
  }
}

function changedFiles(changes: unknown): string {
  if (!Array.isArray(changes)) return 'files changed';
  return changes
    .map(change => `${textOf(recordOf(change)?.['kind'])} ${textOf(recordOf(change)?.['path'])}`)
    .join(', ');
}

function eventOf(line: string): Record<string, unknown> | undefined {
  // Most output that is no event ends here, without an exception.
  if (!line.startsWith('{') || !line.trimEnd().endsWith('}')) return undefined;
  try {
    return recordOf(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function recordOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(value: unknown): string {
  return typeof value === 'number' ? String(value) : '?';
}
