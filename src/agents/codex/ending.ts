/**
 * Names how a Codex run ended. Codex exits with 0 on prose and on a broken sandbox, and has no error codes, so its
 * messages are parsed; only here.
 */
import type { AgentEnding, FailureCause, FinishedRun } from '../adapter.ts';
import { endingFromOutside, exitText, failure, lastLine, reportEnding } from '../endings.ts';
import { codexFacts, type CodexFacts } from './events.ts';

export function codexEnding(run: FinishedRun): AgentEnding {
  const facts = codexFacts(run.stdout);
  if (facts.commands > 0 && facts.commandsTheSandboxBroke === facts.commands) {
    return failure('box-failed', 'no command ran, because the sandbox could not be set up');
  }
  if (run.exit.code === 0) return endingOfSuccess(facts);
  return endingFromOutside(run, facts.failure ?? '') ?? endingFromMessages(run, facts);
}

/** Exit code 0: the process ended normally, which says nothing about the result. */
function endingOfSuccess(facts: CodexFacts): AgentEnding {
  if (!facts.turnCompleted) return failure('no-message', 'the agent ended without completing its turn');
  if (facts.lastMessage === undefined)
    return failure('no-message', 'the agent completed its turn without a message');
  return reportEnding(facts.lastMessage);
}

/** Only Codex knows of a connection that never reached the gateway. */
function endingFromMessages(run: FinishedRun, facts: CodexFacts): AgentEnding {
  if (!facts.started) return endingBeforeStart(run);
  if (facts.failure !== undefined) return failure(endingOfText(facts.failure), facts.failure);
  return failure('crashed', lastLine(run.stderr) || `${exitText(run.exit)} without an error`);
}

/** Without events on stdout, the cause is the flags, the configuration or the box. */
function endingBeforeStart(run: FinishedRun): AgentEnding {
  const detail = lastLine(run.stderr);
  if (
    run.exit.code === 2 ||
    run.exit.code === 127 ||
    /unknown (configuration|field)|error loading config|invalid (value|config)|unexpected argument/i.test(
      run.stderr,
    )
  ) {
    return failure('bad-invocation', detail);
  }
  return failure('crashed', detail || `${exitText(run.exit)} before the agent started`);
}

const endingsByStatus: Readonly<Record<string, FailureCause>> = {
  '402': 'over-budget',
  '408': 'upstream-timeout',
  '504': 'upstream-timeout',
  '429': 'upstream-overloaded',
  '500': 'upstream-overloaded',
  '503': 'upstream-overloaded',
  '502': 'upstream-unreachable',
};

const endingsByText: readonly (readonly [RegExp, FailureCause])[] = [
  [/quota exceeded/i, 'upstream-quota'],
  [/high demand|at capacity|overloaded/i, 'upstream-overloaded'],
  [/budget/i, 'over-budget'],
  [/idle timeout|timed out/i, 'upstream-timeout'],
  [/connection failed|error sending request/i, 'upstream-unreachable'],
  [/stream disconnected/i, 'stream-cut'],
];

function endingOfText(text: string): FailureCause {
  const status = /(?:unexpected|last) status:? (\d{3})/.exec(text)?.[1];
  if (status !== undefined) return endingsByStatus[status] ?? 'refused';
  return endingsByText.find(([pattern]) => pattern.test(text))?.[1] ?? 'crashed';
}
