/** Every ending of a run has a name, whatever the exit code is. The messages are those of the real binary. */
import { describe, expect, test } from '@jest/globals';
import {
  endingName,
  failureCauses,
  shortText,
  type FinishedRun,
  type GatewayVerdict,
} from '../../src/agents/adapter.ts';
import type { CodexBinary } from '../../src/agents/codex/binary.ts';
import { codexAdapter } from '../../src/agents/codex/adapter.ts';
import { commandAdapter } from '../../src/agents/command/adapter.ts';
import { ENDINGS } from '../../src/domain/ending.ts';
import { aReport } from './support/task.ts';

const nowhere: CodexBinary = { vendorDir: '/nowhere', hostPath: '/nowhere/bin/codex', version: '0' };
const codex = codexAdapter(nowhere);
const command = commandAdapter({
  name: 'mine',
  command: '/usr/bin/mine',
  args: [],
  readOnlyMounts: [],
  needsModel: false,
});

const lines = (...events: unknown[]): string => events.map(event => JSON.stringify(event)).join('\n');
const started = [{ type: 'thread.started', thread_id: 't' }, { type: 'turn.started' }];
const completed = { type: 'turn.completed', usage: {} };
const message = (text: string): unknown => ({
  type: 'item.completed',
  item: { type: 'agent_message', text },
});
const ran = (exit_code: number, aggregated_output: string): unknown => ({
  type: 'item.completed',
  item: { type: 'command_execution', command: 'ls', exit_code, aggregated_output },
});
const failed = (text: string): string =>
  lines(...started, { type: 'error', message: text }, { type: 'turn.failed', error: { message: text } });

const run = (code: number | null, stdout: string, more: Partial<FinishedRun> = {}): FinishedRun => ({
  exit: { code, signal: null },
  stdout,
  stderr: '',
  ...more,
});
const gatewayVerdict = (
  lastProblem: GatewayVerdict['lastProblem'],
  overBudget = false,
): Partial<FinishedRun> => ({
  gateway: { lastProblem, overBudget },
});

describe('Codex', () => {
  test.each<[string, FinishedRun, string]>([
    ['a report', run(0, lines(...started, message(JSON.stringify(aReport())), completed)), 'reported'],
    [
      'the last of several messages',
      run(0, lines(...started, message('Looking…'), message(JSON.stringify(aReport())), completed)),
      'reported',
    ],
    ['prose', run(0, lines(...started, message('All done!'), completed)), 'report-invalid'],
    ['an empty message', run(0, lines(...started, message(''), completed)), 'report-invalid'],
    ['no message', run(0, lines(...started, completed)), 'no-report: no-message'],
    [
      'exit code 0 without the end of the turn',
      run(0, lines(...started, message(JSON.stringify(aReport())))),
      'no-report: no-message',
    ],
    ['exit code 0 without output', run(0, ''), 'no-report: no-message'],
    [
      'exit code 0 although the sandbox let no command run',
      run(
        0,
        lines(
          ...started,
          ran(1, 'bwrap: No permissions to create new namespace'),
          message(JSON.stringify(aReport())),
          completed,
        ),
      ),
      'sandbox-broken: box-failed',
    ],
    [
      'over budget by HTTP status',
      run(1, failed('unexpected status 402 Payment Required: model gateway: spent, url: x')),
      'over-budget: over-budget',
    ],
    [
      'over budget by the gateway’s account',
      run(1, failed('stream disconnected before completion: x'), gatewayVerdict('over-budget', true)),
      'over-budget: over-budget',
    ],
    [
      'a refusal',
      run(1, failed('unexpected status 403 Forbidden: model gateway: no, url: x')),
      'model-refused: refused',
    ],
    [
      'a wrong key',
      run(1, failed('unexpected status 502 Bad Gateway: x'), gatewayVerdict('upstream-key-refused')),
      'model-refused: upstream-key-refused',
    ],
    [
      'an unreachable gateway',
      run(1, failed('Connection failed: error sending request')),
      'model-unreachable: upstream-unreachable',
    ],
    [
      'no response',
      run(1, failed('unexpected status 504 Gateway Timeout: x')),
      'model-unreachable: upstream-timeout',
    ],
    [
      'a broken stream',
      run(1, failed('stream disconnected before completion: response.failed event received')),
      'model-unreachable: stream-cut',
    ],
    [
      '429',
      run(1, failed('exceeded retry limit, last status: 429 Too Many Requests')),
      'model-overloaded: upstream-overloaded',
    ],
    [
      'quota',
      run(1, failed('Quota exceeded. Check your plan and billing details.')),
      'model-refused: upstream-quota',
    ],
    [
      'high demand',
      run(1, failed('We’re currently experiencing high demand')),
      'model-overloaded: upstream-overloaded',
    ],
    [
      'at capacity',
      run(1, failed('Selected model is at capacity.')),
      'model-overloaded: upstream-overloaded',
    ],
    [
      'a wrong flag',
      run(2, '', { stderr: "error: unexpected argument '--x' found" }),
      'could-not-start: bad-invocation',
    ],
    [
      'a wrong setting',
      run(1, '', { stderr: 'Error loading config.toml: unknown configuration field `x`' }),
      'could-not-start: bad-invocation',
    ],
    [
      'a missing command',
      run(127, '', { stderr: 'cannot start /opt/codex/bin/codex: ENOENT' }),
      'could-not-start: bad-invocation',
    ],
    [
      'standard error that looks like a broken box',
      run(1, '', { stderr: 'bwrap: Creating new namespace failed: Operation not permitted' }),
      'crashed: crashed',
    ],
    [
      'KILL',
      { exit: { code: null, signal: 'SIGKILL' }, stdout: lines(...started), stderr: '' },
      'crashed: killed',
    ],
    ['TERM', run(143, lines(...started)), 'crashed: killed'],
    ['a crash', run(101, lines(...started), { stderr: 'thread main panicked\n' }), 'crashed: crashed'],
  ])('names the ending of a run with %s', (_name, finished, expected) => {
    const [kind, cause] = expected.split(': ');
    const ending = codex.finish(finished);
    expect(ending.kind).toBe(kind);
    if (cause !== undefined) expect(ending).toMatchObject({ cause });
    expect(ENDINGS).toContain(endingName(ending));
  });

  test('skips a truncated first line and noise between events', () => {
    const stdout = `le","text":"x"}}\nnoise\n${lines(...started, message(JSON.stringify(aReport())), completed)}`;
    expect(codex.finish(run(0, stdout)).kind).toBe('reported');
  });

  test('does not take a failing command for a broken sandbox', () => {
    const stdout = lines(
      ...started,
      ran(1, 'npm ERR! Test failed'),
      message(JSON.stringify(aReport())),
      completed,
    );
    expect(codex.finish(run(0, stdout)).kind).toBe('reported');
  });

  test.each([
    [
      { type: 'item.started', item: { type: 'command_execution', command: 'npm test' } },
      { kind: 'command', text: '$ npm test' },
    ],
    [ran(1, 'x'), { kind: 'command', text: 'exit 1: ls' }],
    [
      {
        type: 'item.completed',
        item: { type: 'file_change', changes: [{ path: '/ws/a.js', kind: 'update' }] },
      },
      { kind: 'files', text: 'update /ws/a.js' },
    ],
    [message('a\u001b[31m\u202eb\nc'), { kind: 'message', text: 'a [31m b c' }],
    [
      { type: 'error', message: 'Reconnecting… 1/5' },
      { kind: 'warning', text: 'Reconnecting… 1/5' },
    ],
    [completed, undefined],
  ])('reads progress from %j', (event, progress) => {
    expect(codex.progressOf(JSON.stringify(event))).toEqual(progress);
  });

  test('shortens a line of a megabyte', () => {
    expect(codex.progressOf(JSON.stringify(message('x'.repeat(1_100_000))))?.text).toHaveLength(200);
    expect(codex.progressOf('x'.repeat(1_100_000))).toBeUndefined();
  });
});

describe('a command agent', () => {
  test.each<[string, FinishedRun, string]>([
    ['a report', run(0, `${JSON.stringify(aReport({ outcome: 'blocked' }))}\n`), 'reported'],
    ['no output', run(0, ' '), 'no-report'],
    ['prose', run(0, 'done'), 'report-invalid'],
    ['a report and exit code 1', run(1, JSON.stringify(aReport()), { stderr: 'boom' }), 'crashed'],
    ['a missing program', run(127, ''), 'could-not-start'],
    ['a used-up budget', run(1, '', gatewayVerdict('over-budget', true)), 'over-budget'],
    ['a refused request', run(1, '', gatewayVerdict('refused')), 'model-refused'],
    ['standard error that looks like a broken box', run(1, '', { stderr: 'bwrap: x' }), 'crashed'],
    ['KILL', { exit: { code: null, signal: 'SIGKILL' }, stdout: '', stderr: '' }, 'crashed'],
  ])('names the ending of a run with %s', (_name, finished, kind) => {
    expect(command.finish(finished).kind).toBe(kind);
  });
});

test('every model failure has an ending of the domain', () => {
  const byCause = failureCauses.filter(
    cause => cause.startsWith('upstream') || cause === 'stream-cut' || cause === 'refused',
  );
  for (const cause of byCause) {
    const problem = cause as Exclude<GatewayVerdict['lastProblem'], null>;
    expect(ENDINGS).toContain(endingName(command.finish(run(1, '', gatewayVerdict(problem)))));
  }
});

test('a short text is one line without control or bidi characters', () => {
  expect(shortText('a\r\n\u0007b\u200bc\u2066d')).toBe('a b c d');
  expect(shortText('x'.repeat(10), 5)).toBe('xxxx…');
});
