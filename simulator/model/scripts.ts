/** Ready-made scripts: an agent that succeeds, and one for each other way in which a run can end. */
import { codePatch, FIX_TEST_PATH, testPatch } from '../project/fix.ts';
import type { Script, Turn } from './script.ts';

export interface FixOptions {
  /** Shell command that shows the failing behaviour; it must be runnable in the box. */
  readonly testCommand?: string;
  /** The turn that fixes the code waits until this gate is opened. */
  readonly gate?: string;
}

const GREETING_PATH = 'src/greeting.js';
const filesToRead = [GREETING_PATH, 'src/profile.js', 'test/greeting.test.js'];

/** The demo's honest agent: reads the code, adds a failing test, fixes the code, sees the test pass, reports. */
export function greetingFix({ testCommand = 'node --test', gate }: FixOptions = {}): Script {
  const turns: readonly Turn[] = [
    { kind: 'exec', command: 'ls -R src test' },
    { kind: 'exec', command: `sed -n '1,200p' ${filesToRead.join(' ')}` },
    { kind: 'patch', patch: testPatch },
    { kind: 'exec', command: testCommand },
    { kind: 'patch', patch: codePatch, ...(gate === undefined ? {} : { gate }) },
    { kind: 'exec', command: testCommand },
    { kind: 'message', text: greetingReport(testCommand) },
  ];
  return { name: 'greeting-fix', turns };
}

function greetingReport(testCommand: string): string {
  return report({
    outcome: 'patch',
    summary:
      'A remembered greeting was reused for the rest of its part of the day, whatever the profile was called by then. The name now belongs to what is remembered, so a rename is seen at once.',
    rootCause: {
      text: 'The cache of greetings compares the part of the day only; the name that went into the text is not compared.',
      files: [{ path: GREETING_PATH, line: null }],
    },
    changes: [
      { path: GREETING_PATH, what: 'a remembered greeting is used for the same name only' },
      {
        path: FIX_TEST_PATH,
        what: 'a rename within one part of the day, in the greeting and on a mounted card',
      },
    ],
    verificationClaimed: [
      { command: testCommand, result: 'the new tests failed before the change; all pass after it' },
    ],
    remainingRisks: ['The cache still holds one entry for each profile and never forgets one.'],
    releaseNotes:
      'Rename a profile while its card is on the screen: heading and greeting must both show the new name.',
  });
}

export const blocked: Script = {
  name: 'blocked',
  turns: [
    { kind: 'exec', command: 'ls' },
    {
      kind: 'message',
      text: report({
        outcome: 'blocked',
        summary: 'A stop condition is met.',
        stopConditionsMet: ['the change would touch the public API'],
        questions: ['May the public API change?'],
      }),
    },
  ],
};

export const needsHuman: Script = {
  name: 'needs-human',
  turns: [
    { kind: 'exec', command: 'ls' },
    {
      kind: 'message',
      text: report({
        outcome: 'needs-human',
        summary: 'Two readings of the contract are possible.',
        questions: ['Should the greeting use the display name or the account name?'],
      }),
    },
  ],
};

export const analysis: Script = {
  name: 'analysis',
  turns: [
    { kind: 'exec', command: 'ls' },
    {
      kind: 'message',
      text: report({
        outcome: 'analysis',
        summary: 'The greeting is kept although the name changes.',
        rootCause: { text: 'A value is cached for ever.', files: [] },
      }),
    },
  ],
};

export const noChange: Script = {
  name: 'no-change',
  turns: [
    { kind: 'exec', command: 'ls' },
    {
      kind: 'message',
      text: report({ outcome: 'no-change', summary: 'The behaviour is already as the contract asks.' }),
    },
  ],
};

/** The agent ends with a friendly sentence instead of a report. */
export const prose: Script = {
  name: 'prose',
  turns: [{ kind: 'message', text: 'All done! I fixed the greeting, have a nice day.' }],
};

/** The agent would wait forever; the gateway must end the request. */
export const hang: Script = { name: 'hang', turns: [{ kind: 'no-headers' }] };

/** Headers, then nothing. */
export const silent: Script = { name: 'silent', turns: [{ kind: 'silence' }] };

/** Each answer is counted as very expensive; a later request is refused. */
export const overBudget: Script = {
  name: 'over-budget',
  turns: [{ kind: 'exec', command: 'ls', usage: { inputTokens: 50_000_000, outputTokens: 1_000_000 } }],
};

/** One endless answer, which must be cut in the middle. */
export const endless: Script = { name: 'endless', turns: [{ kind: 'endless' }] };

export const refused: Script = {
  name: 'refused',
  turns: [
    {
      kind: 'status',
      status: 400,
      error: { message: 'This request violates the usage policy', code: 'policy_violation' },
    },
  ],
};

export const overloaded: Script = {
  name: 'overloaded',
  turns: [
    {
      kind: 'status',
      status: 503,
      error: { message: 'The server is overloaded', code: 'server_is_overloaded' },
    },
  ],
};

export const outOfQuota: Script = {
  name: 'out-of-quota',
  turns: [
    {
      kind: 'status',
      status: 429,
      error: { message: 'You exceeded your current quota', code: 'insufficient_quota' },
    },
  ],
};

/** An error status, with the message that providers send. */
export function answersWith(
  status: number,
  error: { readonly message: string; readonly code?: string },
): Script {
  return { name: `answers-${status}`, turns: [{ kind: 'status', status, error }] };
}

/** The connection is closed without an answer. */
export const resets: Script = { name: 'resets', turns: [{ kind: 'reset' }] };

/** The provider ends the turn with an error inside the stream. */
export const failedInStream: Script = {
  name: 'failed-in-stream',
  turns: [{ kind: 'failed', error: { message: 'The server had an error', code: 'server_error' } }],
};

const usage = { input_tokens: 10, output_tokens: 5, total_tokens: 15 };
const completed = { type: 'response.completed', response: { id: 'resp_odd', usage } };

/** Codex reads finished items only: this is silence to it, and it exits 0. */
export const onlyDeltas: Script = {
  name: 'only-deltas',
  turns: [
    { kind: 'events', events: [{ type: 'response.output_text.delta', delta: 'All done.' }, completed] },
  ],
};

/** A call that the agent cannot answer and skips silently. */
export const callWithoutId: Script = {
  name: 'call-without-id',
  turns: [
    {
      kind: 'events',
      events: [
        {
          type: 'response.output_item.done',
          item: { type: 'function_call', name: 'exec_command', arguments: '{"cmd":"ls"}' },
        },
        completed,
      ],
    },
  ],
};

/** The answer reached the token limit that the gateway had set. */
export const cutShort: Script = {
  name: 'cut-short',
  turns: [
    {
      kind: 'events',
      events: [
        {
          type: 'response.incomplete',
          response: {
            id: 'resp_short',
            status: 'incomplete',
            incomplete_details: { reason: 'max_output_tokens' },
            usage,
          },
        },
      ],
    },
  ],
};

/** A report with an unknown field and without the required ones. */
export const wrongReport: Script = {
  name: 'wrong-report',
  turns: [{ kind: 'message', text: JSON.stringify({ version: 1, outcome: 'merged', approved: true }) }],
};

export const cutStream: Script = { name: 'cut-stream', turns: [{ kind: 'cut' }] };

/** Waits at the gate before its second turn: time to kill a process. */
export function slow(script: Script, gate: string): Script {
  return {
    name: `slow-${script.name}`,
    turns: script.turns.map((turn, index) => (index === 1 ? { ...turn, gate } : turn)),
  };
}

type Report = Readonly<Record<string, unknown>>;

/** A report of version 1 with every field. */
export function report(fields: Report): string {
  return JSON.stringify({
    version: 1,
    outcome: 'no-change',
    summary: '',
    rootCause: { text: '', files: [] },
    changes: [],
    verificationClaimed: [],
    skippedChecks: [],
    remainingRisks: [],
    stopConditionsMet: [],
    questions: [],
    declaredRisk: null,
    releaseNotes: '',
    ...fields,
  });
}
