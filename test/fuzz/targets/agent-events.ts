/** The output of an agent: lines in any pieces, events or not. Reading it never throws, and what is kept has its form. */
import fc from 'fast-check';
import { PROGRESS_TEXT_MAX, type AgentAdapter } from '../../../src/agents/adapter.ts';
import { codexEnding } from '../../../src/agents/codex/ending.ts';
import { codexCommand, codexProgress } from '../../../src/agents/codex/events.ts';
import { commandAdapter } from '../../../src/agents/command/adapter.ts';
import { WorkerCommands } from '../../../src/activities/runner/worker-commands.ts';
import { LineSplitter } from '../../../src/box/lines.ts';
import { workerCommandsSchema } from '../../../src/contracts/evidence.ts';
import { ENDINGS } from '../../../src/domain/ending.ts';
import { endingName } from '../../../src/agents/adapter.ts';
import { fuzzTarget } from '../target.ts';
import { outsideText, shortText } from '../texts.ts';

const keys = fc.constantFrom(
  ...[
    'type',
    'item',
    'id',
    'command',
    'exit_code',
    'aggregated_output',
    'text',
    'message',
    'error',
    'changes',
  ],
  ...['kind', 'path', 'signalbox', 'ended', 'exitCode', 'output', 'usage', '__proto__'],
);
const leaves = fc.oneof(
  fc.constantFrom<unknown>(
    'thread.started',
    'item.started',
    'item.completed',
    'turn.completed',
    'turn.failed',
  ),
  fc.constantFrom<unknown>(
    'error',
    'command_execution',
    'agent_message',
    'reasoning',
    'file_change',
    'todo_list',
  ),
  fc.constantFrom<unknown>('command', 0, 1, 127, -1, null, true, [], {}),
  shortText,
  fc.double(),
);
const events = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { maxDepth: 3 },
    leaves,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(keys, keys, shortText), tie('value'), { maxKeys: 6 }),
  ),
})).value;
const likely = fc
  .record({
    id: shortText,
    command: shortText,
    exitCode: fc.oneof(fc.integer(), fc.constant(null)),
    output: shortText,
  })
  .chain(({ id, command, exitCode, output }) =>
    fc.constantFrom<unknown>(
      { signalbox: 'command', id, command },
      { signalbox: 'command', id, command, ended: { exitCode, output } },
      { type: 'item.started', item: { id, type: 'command_execution', command } },
      { type: 'item.completed', item: { id, type: 'command_execution', command, exit_code: exitCode } },
      { type: 'item.completed', item: { id, type: 'agent_message', text: output } },
    ),
  );
const lines = fc.oneof(
  fc.oneof(events, likely).map(value => JSON.stringify(value)),
  fc.oneof(events, likely).map(value => JSON.stringify(value).slice(0, -1)),
  outsideText,
);

const reader = { name: 'a', command: '/a', args: [], readOnlyMounts: [], needsModel: false };
const READERS: readonly Pick<AgentAdapter, 'progressOf' | 'commandOf' | 'finish'>[] = [
  commandAdapter(reader),
  { progressOf: codexProgress, commandOf: codexCommand, finish: codexEnding },
];

export const target = fuzzTarget({
  name: 'agent-events',
  inputs: fc.record({
    lines: fc.array(lines, { maxLength: 20 }),
    pieceBytes: fc.integer({ min: 1, max: 50 }),
    code: fc.constantFrom(0, 1, 2, 126, 127, 137, null),
  }),
  check: ({ lines: written, pieceBytes, code }) => {
    const output = written.join('\n');
    const found = split(Buffer.from(output), pieceBytes);
    // What is not UTF-8 was replaced when the output was written.
    const text = Buffer.from(output).toString('utf8');
    if (found.join('\n') !== text.replace(/\n$/, '')) throw new Error('the lines are not the output');
    for (const { progressOf, commandOf, finish } of READERS) {
      const commands = new WorkerCommands();
      for (const line of found) {
        const command = commandOf?.(line);
        if (command !== undefined) commands.note(command);
        checkProgress(progressOf(line)?.text ?? '');
      }
      workerCommandsSchema.parse(commands.all());
      const ending = finish({ exit: { code, signal: null }, stdout: text, stderr: text });
      if (!ENDINGS.includes(endingName(ending))) throw new Error(`no ending: ${ending.kind}`);
    }
  },
});

function split(bytes: Buffer, pieceBytes: number): readonly string[] {
  const splitter = new LineSplitter();
  const found: string[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes)
    found.push(...splitter.push(bytes.subarray(at, at + pieceBytes)));
  const rest = splitter.end();
  return rest === '' ? found : [...found, rest];
}

function checkProgress(text: string): void {
  if (text.length > PROGRESS_TEXT_MAX || /[\p{Cc}\p{Cf}]/u.test(text))
    throw new Error(`not one short line: ${JSON.stringify(text)}`);
}
